"""Draw a text as a QR code.

Owns: SVG and PNG of one code, with its quiet zone.
Does not own: labels, sheets; which text a code bears.
Source: ISO/IEC 18004: a quiet zone of four modules on every side, dark on light.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

type Level = Literal["L", "M", "Q", "H"]
"""How much of the code may be damaged: about 7, 15, 25 or 30 %."""

QUIET_ZONE: Final = 4  # modules
LONGEST: Final = 1_000  # characters: what a phone still reads from a label
_LARGEST_MODULE: Final = 64  # pixels


class TextDoesNotFit(ValueError):
    """The text is empty, too long to be read from a label, or has other characters than ASCII.

    Attributes:
        code: stable refusal code.
    """

    code = "qr_text"


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code's modules, without the quiet zone.

    Attributes:
        modules: shape (n, n); True is dark.
    """

    modules: NDArray[np.bool_]

    @property
    def size(self) -> int:
        """Modules on a side, with the quiet zone."""
        return len(self.modules) + 2 * QUIET_ZONE

    def svg(self, *, module: int = 4, title: str = "") -> str:
        """Return an SVG document.

        Args:
            module: width of a module in pixels at normal size; an SVG scales anyway.
            title: what a screen reader says; empty hides the picture from it.
        """
        side = self.size * _checked(module)
        label = f' role="img"><title>{_escape(title)}</title>' if title else ' aria-hidden="true">'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}"'
            f' viewBox="0 0 {self.size} {self.size}" shape-rendering="crispEdges"{label}'
            f'<path fill="#fff" d="M0 0h{self.size}v{self.size}H0z"/>'
            f'<path fill="#000" d="{self._path()}"/></svg>'
        )

    def png(self, *, module: int = 8) -> bytes:
        """Return a PNG file, one bit a pixel.

        Args:
            module: width of a module in pixels, 1 to 64.
        """
        framed = np.pad(~self.modules, QUIET_ZONE, constant_values=True)
        scale = np.ones((_checked(module), module), dtype=np.bool_)
        picture = Image.fromarray(np.kron(framed, scale)).convert("1")
        out = io.BytesIO()
        picture.save(out, "PNG", optimize=True)
        return out.getvalue()

    def _path(self) -> str:
        """Return one rectangle for each run of dark modules in a row."""
        parts: list[str] = []
        for y, row in enumerate(np.pad(self.modules, ((0, 0), (1, 1))).astype(np.int8)):
            edges = np.flatnonzero(np.diff(row))
            parts += (
                f"M{start + QUIET_ZONE} {y + QUIET_ZONE}h{end - start}v1h{start - end}z"
                for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
            )
        return "".join(parts)


def draw(text: str, *, level: Level = "M") -> QrCode:
    """Return the QR code of `text`: ASCII, as every URI is, because readers guess at the rest.

    Raises:
        TextDoesNotFit: empty, above 1,000 characters, or not printable ASCII.
    """
    if not (0 < len(text) <= LONGEST and text.isascii() and text.isprintable()):
        raise TextDoesNotFit(text[:80])
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    picture = np.asarray(code.to_image(scale=1, add_quiet_zones=False))
    return QrCode(modules=picture < 128)


def _checked(module: int) -> int:
    if not 1 <= module <= _LARGEST_MODULE:
        message = f"a module of {module} pixels is not between 1 and {_LARGEST_MODULE}"
        raise ValueError(message)
    return module


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
