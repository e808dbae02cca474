"""Look for codes on a page of grey pixels.

Owns: the ways in which a photo is made plainer for the decoder, and in which order.
Does not own: opening files (`opening`), what a text means.

The first way finds what a printer or a good camera made. The others are for photos: each was kept
because it read synthetic photos that none before it did (blurred, small, noisy, half in shadow,
light on dark, bars held aslant).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, cos, radians, sin, sqrt
from types import MappingProxyType
from typing import Any, Final, cast

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from suyuan.core.identifiers import IdentifierError, elements_of, write_elements

type Corner = tuple[float, float]
type Matrix = NDArray[np.float64]

_FORMATS = zxingcpp.BarcodeFormat
# Without the kinds that goods seldom bear and noise often resembles (Codabar, Code 39, plain ITF).
SYMBOLOGIES: Final = MappingProxyType(
    {
        _FORMATS.QRCode: "qr",
        _FORMATS.MicroQRCode: "micro_qr",
        _FORMATS.RMQRCode: "rmqr",
        _FORMATS.DataMatrix: "datamatrix",
        _FORMATS.Aztec: "aztec",
        _FORMATS.PDF417: "pdf417",
        _FORMATS.Code128: "code_128",
        _FORMATS.EAN13: "ean_13",
        _FORMATS.EAN8: "ean_8",
        _FORMATS.UPCA: "upc_a",
        _FORMATS.UPCE: "upc_e",
        _FORMATS.ITF14: "itf_14",
        _FORMATS.DataBar: "databar",
    }
)
_BARS: Final = [
    _FORMATS.Code128, _FORMATS.EAN13, _FORMATS.EAN8, _FORMATS.UPCA, _FORMATS.UPCE, _FORMATS.ITF14,
    _FORMATS.DataBar,
]  # fmt: skip
_FAMILIES: Final = MappingProxyType({"EAN-13": "ean_13", "DataBar": "databar", "QR Code": "qr"})
MOST_ON_PAGE: Final = 255  # the decoder's own limit
_LONGEST_TEXT: Final = 4_096
_SMALL: Final = 3_000_000
"""Pixels to which a photo is made smaller before most ways: only small blurred codes are lost."""
_UPRIGHT: Final = np.eye(2, 3)


@dataclass(frozen=True, slots=True)
class Spotted:
    """A code on one page.

    Attributes:
        text: what it says; AI elements with brackets, so that a parser tells where each ends.
        symbology: one of `SYMBOLOGIES`' names.
        is_gs1: whether it says itself (FNC1) that AI elements are in it.
        corners: in the page's pixels, clockwise from its own upper left.
    """

    text: str
    symbology: str
    is_gs1: bool
    corners: tuple[Corner, Corner, Corner, Corner]

    @property
    def middle(self) -> Corner:
        """Where its middle is."""
        return (sum(x for x, _ in self.corners) / 4, sum(y for _, y in self.corners) / 4)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the upright box around it."""
        xs, ys = zip(*self.corners, strict=True)
        return max(xs) - min(xs), max(ys) - min(ys)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way of making a page plainer.

    Attributes:
        change: gives the picture to look at, and the matrix (2, 3) that leads its points back.
        formats: what to look for; empty for everything.
        whole: whether a large picture stays as large as it is.
    """

    change: Callable[[Image.Image], tuple[Image.Image, Matrix]]
    formats: Sequence[zxingcpp.BarcodeFormat] = ()
    whole: bool = False


def seek(grey: Image.Image, *, photo: bool, hurried: Callable[[], bool]) -> list[Spotted]:
    """Return the codes of a page in reading order.

    Args:
        grey: mode L.
        photo: whether to try harder: a drawn page is sharp, or has no code.
        hurried: asked before each further way; True ends the search with what there is.
    """
    found = _decoded(grey, _Way(_as_it_is, whole=True))
    # Where one code was plain another may be in the shadow or smudged: one more look for those.
    for way in _HARDER if photo and not found else _ONCE_MORE if photo else ():
        if hurried():
            break
        fresh = _decoded(grey, way)
        found += [code for code in fresh if not any(_same(code, other) for other in found)]
        if found and way not in _ONCE_MORE:
            break
    return in_reading_order(found)


def in_reading_order(codes: Iterable[Spotted]) -> list[Spotted]:
    """Return codes row by row from the top, each row from the left."""
    rows: list[list[Spotted]] = []
    for code in sorted(codes, key=lambda one: one.middle[1]):
        head = rows[-1][0] if rows else None
        # A row's codes differ in height by their texts; half of one still tells rows apart.
        if head and code.middle[1] - head.middle[1] < min(code.size[1], head.size[1]) / 2:
            rows[-1].append(code)
        else:
            rows.append([code])
    return [code for row in rows for code in sorted(row, key=lambda one: one.middle[0])]


def _decoded(grey: Image.Image, way: _Way) -> list[Spotted]:
    times = 1 if way.whole else max(ceil(sqrt(grey.width * grey.height / _SMALL)), 1)
    picture, back = way.change(grey.reduce(times) if times > 1 else grey)
    back = back * times
    formats = cast("Any", way.formats or list(SYMBOLOGIES))
    found = zxingcpp.read_barcodes(
        np.asarray(picture), formats=formats, text_mode=zxingcpp.TextMode.Plain
    )
    return list(_spotted(found, back))


def _spotted(found: Iterable[Any], back: Matrix) -> Iterator[Spotted]:
    for code in found:
        gs1 = code.content_type == zxingcpp.ContentType.GS1
        place = code.position
        corners = np.array(
            [
                (corner.x, corner.y, 1)
                for corner in (
                    place.top_left,
                    place.top_right,
                    place.bottom_right,
                    place.bottom_left,
                )
            ],
            dtype=np.float64,
        )
        a, b, c, d = ((float(x), float(y)) for x, y in corners @ back.T)
        yield Spotted(
            text=_gs1_text(code.text) if gs1 else code.text[:_LONGEST_TEXT],
            symbology=_symbology(code.format),
            is_gs1=gs1,
            corners=(a, b, c, d),
        )


def _gs1_text(raw: str) -> str:
    try:
        return write_elements(elements_of(raw))
    except IdentifierError:
        return raw[:_LONGEST_TEXT]  # as it was read; whoever parses it says what is wrong


def _symbology(form: Any) -> str:
    """Return our name; of a variant that the decoder tells apart that of its family."""
    return SYMBOLOGIES.get(form) or _FAMILIES.get(str(form).rsplit(" ", 1)[0], "other")


def _same(one: Spotted, other: Spotted) -> bool:
    """Tell whether two finds are one code: equal texts, each middle within the other's box."""
    if one.text != other.text:
        return False
    reach = [max(a, b) / 2 for a, b in zip(one.size, other.size, strict=True)]
    return all(abs(a - b) <= far for a, b, far in zip(one.middle, other.middle, reach, strict=True))


def _as_it_is(grey: Image.Image) -> tuple[Image.Image, Matrix]:
    return grey, _UPRIGHT


def _sharpened(grey: Image.Image) -> tuple[Image.Image, Matrix]:
    """Undo a blur of up to half a module; twice mildly does more than once strongly."""
    first = grey.filter(ImageFilter.UnsharpMask(3, 300, 0))
    return first.filter(ImageFilter.UnsharpMask(2, 200, 0)), _UPRIGHT


def _doubled(grey: Image.Image) -> tuple[Image.Image, Matrix]:
    """Give each module of a small code pixels enough to be told apart."""
    large = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    return large.filter(ImageFilter.UnsharpMask(4, 250, 0)), _UPRIGHT / 2


def _levelled(grey: Image.Image) -> Image.Image:
    """Divide by the light that falls on each part, so that shadow and lamp look alike."""
    light = grey.reduce(8).filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.GaussianBlur(8))
    ground = np.asarray(light.resize(grey.size, Image.Resampling.BILINEAR), dtype=np.float32)
    values = np.asarray(grey, dtype=np.float32) / np.maximum(ground, 1) * 235
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def _halved(grey: Image.Image) -> tuple[Image.Image, Matrix]:
    """Let noise cancel out, after levelling the light."""
    return _levelled(grey).reduce(2), _UPRIGHT * 2


def _inverted(grey: Image.Image) -> tuple[Image.Image, Matrix]:
    """The decoder inverts matrices itself, bars it does not."""
    return ImageOps.invert(grey), _UPRIGHT


def _turned(degrees: float) -> Callable[[Image.Image], tuple[Image.Image, Matrix]]:
    """Bars are scanned along rows and columns only."""

    def turn(grey: Image.Image) -> tuple[Image.Image, Matrix]:
        turned = grey.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
        # Pillow turns counter-clockwise about the middle; this leads back.
        c, s = cos(radians(degrees)), sin(radians(degrees))
        x, y = turned.width / 2, turned.height / 2
        back = np.array(
            [
                [c, -s, grey.width / 2 - c * x + s * y],
                [s, c, grey.height / 2 - s * x - c * y],
            ]
        )
        return turned, back

    return turn


_ONCE_MORE: Final = (_Way(_halved),)
_HARDER: Final = (
    _Way(_doubled),
    _Way(_sharpened, whole=True),
    _Way(_halved),
    _Way(_inverted, _BARS),
    _Way(_turned(30), _BARS),
    _Way(_turned(60), _BARS),
    _Way(_turned(-30), _BARS),
    _Way(_turned(-60), _BARS),
    _Way(_turned(45), _BARS),
)
