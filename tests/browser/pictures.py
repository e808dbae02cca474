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


def shrink(image: Image.Image, colours: int = _COLOURS) -> bytes:
    """Return a PNG with a palette: screens have few colours, so nobody sees it."""
    file = io.BytesIO()
    few = image.convert("RGB").quantize(colours, dither=Image.Dither.NONE)
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


def take(page: Page, name: str) -> None:
    """Keep what the page shows, as `<name>.png`, if pictures are wanted."""
    if VARIABLE in os.environ:
        shot = page.screenshot(animations="disabled", caret="hide")
        keep(Image.open(io.BytesIO(shot)), name)


def keep(image: Image.Image, name: str) -> None:
    """Keep what is no page, such as a leaf of a report."""
    if not (folder := os.environ.get(VARIABLE)):
        return
    body = shrink(image)
    assert len(body) <= _LARGEST, name
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.png").write_bytes(body)
