"""Write a symbol as a file: SVG, PNG, EPS, PDF.

Owns: the four formats, each with the quiet zone and of exactly the size that was asked for.
Does not own: sheets of labels (`core.labels`), sizes (`sizing`).

Vector files fill one path, so that no viewer shows seams between neighbouring modules.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from suyuan.core.carriers.sizing import MM_OF_INCH, Size, dots_per_mm
from suyuan.core.carriers.symbols import BAR_MM, Symbol

type Form = Literal["svg", "png", "eps", "pdf"]

MOST_PIXELS: Final = 40_000_000
_POINTS_OF_MM: Final = 72 / MM_OF_INCH
_SLACK: Final = 1e-9  # 31.75 mm are 90 points, however the product was rounded
_BAR_MODULES: Final = 50  # height of bars in a picture without a size in mm


class PictureTooLarge(ValueError):
    """The picture would have more pixels than any printer needs for one code.

    Attributes:
        code: stable refusal code.
        data: `limit`, in pixels.
    """

    code = "symbol_too_large"

    def __init__(self) -> None:
        """Keep the limit."""
        self.data: dict[str, object] = {"limit": MOST_PIXELS}
        super().__init__(self.code)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file."""

    content_type: str
    write: Callable[[Symbol, Size, float], bytes]


def svg(
    symbol: Symbol,
    *,
    module: int = 4,
    module_mm: float = 0,
    bar_mm: float = BAR_MM,
    title: str = "",
) -> str:
    """Return an SVG document.

    Args:
        symbol: what to write.
        module: width of a module in pixels at normal size; an SVG scales anyway.
        module_mm: width of a module in mm instead; the file then says its size in mm.
        bar_mm: height of bars, where `module_mm` is given.
        title: what a screen reader says; empty hides the picture from it.
    """
    unit, scale = ("mm", module_mm) if module_mm else ("", _checked(module))
    width = symbol.width
    rows = _bar_rows(symbol, module_mm, bar_mm)
    height = rows or symbol.height
    label = f' role="img"><title>{_escape(title)}</title>' if title else ' aria-hidden="true">'
    tall = _number(rows or 1)
    path = "".join(f"M{x} {y}h{n}v{tall}h-{n}z" for x, y, n in symbol.runs())
    box = f"{width} {_number(height)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_number(width * scale)}{unit}"'
        f' height="{_number(height * scale)}{unit}" viewBox="0 0 {box}"'
        f' shape-rendering="crispEdges"{label}'
        f'<path fill="#fff" d="M0 0h{width}v{_number(height)}H0z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def png(symbol: Symbol, *, module: int = 8, dpi: int = 0, bar_mm: float = BAR_MM) -> bytes:
    """Return a PNG file, one bit a pixel.

    Args:
        symbol: what to write.
        module: width of a module in pixels.
        dpi: resolution that the file names, so that it prints at its size; 0 names none.
        bar_mm: height of bars, where `dpi` is given.

    Raises:
        PictureTooLarge: above 40 million pixels.
    """
    across = _checked(module)
    resolution = dots_per_mm(dpi) * MM_OF_INCH
    down = across
    if symbol.kind.bars:
        down = max(round(bar_mm * dots_per_mm(dpi)), 1) if dpi else _BAR_MODULES * across
    if symbol.width * across * symbol.height * down > MOST_PIXELS:
        raise PictureTooLarge
    light = np.repeat(np.repeat(~symbol.framed(), across, axis=1), down, axis=0)
    out = io.BytesIO()
    about = {"dpi": (resolution, resolution)} if dpi else {}
    Image.fromarray(light).save(out, "PNG", optimize=True, **about)
    return out.getvalue()


def eps(symbol: Symbol, *, module_mm: float, bar_mm: float = BAR_MM) -> bytes:
    """Return an Encapsulated PostScript file of exactly the printed size."""
    across, down, rows = _steps(symbol, module_mm, bar_mm)
    width, height = symbol.width * across, rows * down
    runs = "\n".join(f"{n} {x} {rows - y - 1} r" for x, y, n in symbol.runs())
    lines = (
        "%!PS-Adobe-3.0 EPSF-3.0",
        f"%%BoundingBox: 0 0 {ceil(width - _SLACK)} {ceil(height - _SLACK)}",
        f"%%HiResBoundingBox: 0 0 {width:.6f} {height:.6f}",
        "%%Creator: Suyuan",
        f"%%Title: {symbol.text[:200]}",
        "%%LanguageLevel: 2",
        "%%Pages: 1",
        "%%EndComments",
        "gsave",
        f"1 setgray 0 0 {width:.6f} {height:.6f} rectfill",
        f"{across:.6f} {down:.6f} scale 0 setgray newpath",
        "/r {moveto dup 0 rlineto 0 1 rlineto neg 0 rlineto closepath} bind def",
        runs,
        "fill grestore",
        "%%EOF",
        "",
    )
    return "\n".join(lines).encode("ascii")


def pdf(symbol: Symbol, *, module_mm: float, bar_mm: float = BAR_MM) -> bytes:
    """Return a PDF file with one page of exactly the printed size."""
    across, down, rows = _steps(symbol, module_mm, bar_mm)
    out = io.BytesIO()
    # Without the time of making, equal requests give equal files.
    canvas = Canvas(out, pagesize=(symbol.width * across, rows * down), invariant=1)
    canvas.setTitle(symbol.text)
    canvas.setCreator("Suyuan")
    canvas.scale(across, down)
    path = canvas.beginPath()
    for x, y, n in symbol.runs():
        path.rect(x, rows - y - 1, n, 1)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


FORMATS: Final[Mapping[Form, Format]] = MappingProxyType(
    {
        "svg": Format(
            "image/svg+xml",
            lambda symbol, size, bar: svg(
                symbol, module_mm=size.module_mm, bar_mm=bar, title=symbol.text
            ).encode(),
        ),
        "png": Format(
            "image/png",
            lambda symbol, size, bar: png(
                symbol, module=size.module_dots, dpi=size.dpi, bar_mm=bar
            ),
        ),
        "eps": Format(
            "application/postscript",
            lambda symbol, size, bar: eps(symbol, module_mm=size.module_mm, bar_mm=bar),
        ),
        "pdf": Format(
            "application/pdf",
            lambda symbol, size, bar: pdf(symbol, module_mm=size.module_mm, bar_mm=bar),
        ),
    }
)


def write(symbol: Symbol, form: Form, size: Size, *, bar_mm: float = BAR_MM) -> bytes:
    """Return the symbol as a file that prints at `size`, which `sizing` made for its width.

    Raises:
        PictureTooLarge: a PNG above 40 million pixels.
    """
    return FORMATS[form].write(symbol, size, bar_mm)


def _steps(symbol: Symbol, module_mm: float, bar_mm: float) -> tuple[float, float, int]:
    """Return a module's width and height in points, and the rows with the quiet zone."""
    across = module_mm * _POINTS_OF_MM
    return across, bar_mm * _POINTS_OF_MM if symbol.kind.bars else across, symbol.height


def _bar_rows(symbol: Symbol, module_mm: float, bar_mm: float) -> float:
    """Return the height of bars in modules; 0 for what has rows of its own."""
    if not symbol.kind.bars:
        return 0
    return bar_mm / module_mm if module_mm else _BAR_MODULES


def _checked(module: int) -> int:
    if module < 1:
        message = f"a module of {module} pixels cannot be drawn"
        raise ValueError(message)
    return module


def _number(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".")


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
