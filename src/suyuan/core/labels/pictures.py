"""Open the pictures of a label: logos, marks.

Owns: what pictures are accepted here, their size on the label, their grey and black.
Does not own: storing pictures (labels), the file formats they go into.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from typing import Final

from PIL import Image

from suyuan.core.labels.design import PictureElement
from suyuan.core.labels.faults import LabelFault

MOST_PIXELS: Final = 40_000_000
_MM_OF_INCH: Final = 25.4
_WHITE: Final = (255, 255, 255, 255)
_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP")


def open_picture(element: PictureElement, pictures: Mapping[str, bytes], dpi: int) -> Image.Image:
    """Return a picture over white (mode `L` or `RGB`), no finer than `dpi` in its box.

    Raises:
        LabelFault: `picture_missing` or `picture_unreadable`, with the picture's SHA-256.
    """
    data = pictures.get(element.picture)
    if data is None:
        raise LabelFault("picture_missing", picture=element.picture)
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if opened.width * opened.height > MOST_PIXELS:
                raise LabelFault("picture_unreadable", picture=element.picture)
            width, height, _, _ = placed(element, opened.size)
            most = (
                max(round(width * dpi / _MM_OF_INCH), 1),
                max(round(height * dpi / _MM_OF_INCH), 1),
            )
            return _flat(opened, most)
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        if isinstance(error, LabelFault):
            raise
        raise LabelFault("picture_unreadable", picture=element.picture) from None


def placed(element: PictureElement, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Return width, height, left and top in mm of a picture of `size` pixels within its box."""
    scale = min(element.width_mm / size[0], element.height_mm / size[1])
    width, height = size[0] * scale, size[1] * scale
    left = element.x + (element.width_mm - width) / 2
    return width, height, left, element.y + (element.height_mm - height) / 2


def black_and_white(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return a picture for a printer that knows no grey: mode `1`, black is 0."""
    return picture.convert("L").resize(size, Image.Resampling.LANCZOS).convert("1")


def _flat(opened: Image.Image, most: tuple[int, int]) -> Image.Image:
    picture = opened.convert("RGBA")
    picture = Image.alpha_composite(Image.new("RGBA", picture.size, _WHITE), picture)
    if picture.width > most[0]:
        picture = picture.resize(most, Image.Resampling.LANCZOS)
    red, green, blue, _ = picture.split()
    grey = red.tobytes() == green.tobytes() == blue.tobytes()
    return red if grey else picture.convert("RGB")
