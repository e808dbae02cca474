"""Pictures of the steps of a walk, for the guide.

Owns: where they go and how they are made small. They are taken only when
`SUYUAN_TEST_SCREENSHOTS` names a folder.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

VARIABLE = "SUYUAN_TEST_SCREENSHOTS"
_COLOURS = 128
_LARGEST = 150_000  # bytes of one picture


def shrink(png: bytes, colours: int = _COLOURS) -> bytes:
    """Return the picture with a palette: screens have few colours, so nobody sees it."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    file = io.BytesIO()
    image.quantize(colours, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def take(page: Page, name: str) -> None:
    """Keep what the page shows, as `<name>.png`, if pictures are wanted."""
    if not (folder := os.environ.get(VARIABLE)):
        return
    body = shrink(page.screenshot(animations="disabled", caret="hide"))
    assert len(body) <= _LARGEST, name
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.png").write_bytes(body)
