"""What tests of labels need: designs, papers, pictures.

Owns: values that several folders import.
"""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

DESIGN: dict[str, Any] = {
    "width_mm": 38,
    "height_mm": 21,
    "elements": [
        {"kind": "code", "x": 1, "y": 1, "size_mm": 16},
        {"kind": "text", "x": 18, "y": 2, "width_mm": 19, "text": "{product}", "size_pt": 7},
    ],
}
SHEET: dict[str, Any] = {"kind": "sheet", "columns": 3, "rows": 12}
ROLL: dict[str, Any] = {"kind": "roll"}


def wider(mm: float) -> dict[str, Any]:
    """Return the design on a label of another width."""
    return {**DESIGN, "width_mm": mm}


def with_elements(*elements: dict[str, Any]) -> dict[str, Any]:
    """Return the design with these elements alone."""
    return {**DESIGN, "elements": list(elements)}


def logo_file(form: str = "PNG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    """Return a small picture file, black in the middle of white."""
    picture = Image.new("RGB", size, "white")
    picture.paste("black", (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()
