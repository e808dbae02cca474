"""The fonts that labels are set in: found, measured, asked which characters they have.

Owns: where Debian keeps Chinese TrueType fonts, a chain of faces, widths of characters.
Does not own: breaking lines (setting), embedding (pdf_fonts), drawing (raster).

PDF readers take glyphs from the file, so that a font must be one that can be cut to the glyphs
used: TrueType outlines. Noto CJK, as Debian packs it, has CFF outlines and cannot serve.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from reportlab.pdfbase.ttfonts import TTFError, TTFontFile

from suyuan.core.labels.faults import LabelFault

_FOLDER: Final = Path("/usr/share/fonts/truetype")
CHINESE: Final = tuple(
    _FOLDER / name
    for name in (
        "wqy/wqy-microhei.ttc",  # fonts-wqy-microhei: the best Latin digits of the three
        "wqy/wqy-zenhei.ttc",  # fonts-wqy-zenhei
        "droid/DroidSansFallbackFull.ttf",  # fonts-droid-fallback: no Latin letters at all
        "arphic/uming.ttc",  # fonts-arphic-uming: a song face
    )
)
"""Where a Chinese font is looked for, the best first."""
LATIN: Final = tuple(
    _FOLDER / name
    for name in (
        "noto/NotoSans-Regular.ttf",
        "dejavu/DejaVuSans.ttf",
        "liberation/LiberationSans-Regular.ttf",
    )
)
"""Where letters and signs are looked for that the Chinese font lacks."""
PACKAGES: Final = "fonts-wqy-microhei fonts-wqy-zenhei"
"""What to install where none is found."""

MISSING: Final = "□"
_PROBE: Final = "溯"
_WIDE: Final = frozenset("WFA")  # East Asian widths that take a full em
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})


@dataclass(frozen=True)
class Face:
    """One font file, read when it is first asked: most labels need but one or two."""

    path: str
    index: int = 0

    @cached_property
    def file(self) -> Any:
        """The font, or None where the file is no TrueType font."""
        try:
            return TTFontFile(self.path, subfontIndex=self.index)
        except (OSError, TTFError, ValueError, KeyError, IndexError, struct.error):
            return None

    def width(self, character: str) -> float:
        """Return the width, in thousandths of the type size."""
        return float(self.file.charWidths.get(ord(character), self.file.defaultWidth))

    def has(self, character: str) -> bool:
        """Tell whether it shows something for a character, or leaves the space it should."""
        if self.file is None:
            return False
        glyph = int(self.file.charToGlyph.get(ord(character), 0))
        # Some fonts map characters that nobody drew to empty outlines: a degree Celsius would
        # vanish from a label.
        drawn = bool(glyph) and self.file.glyphPos[glyph + 1] > self.file.glyphPos[glyph]
        return drawn or (bool(glyph) and character.isspace())


class RoughFace(Face):
    """Stands in for a font: guesses widths, has everything."""

    def width(self, character: str) -> float:
        """Return a full em for Chinese, somewhat over half for the rest."""
        return 1000.0 if unicodedata.east_asian_width(character) in _WIDE else 560.0

    def has(self, character: str) -> bool:
        """Say yes."""
        return bool(character)


@dataclass(frozen=True)
class Typeface:
    """Faces in the order in which a character is looked for."""

    faces: tuple[Face, ...]

    @cached_property
    def _found(self) -> dict[str, tuple[int, float]]:
        return {}

    @property
    def rough(self) -> bool:
        """Whether it only guesses widths, as there is no font to measure."""
        return isinstance(self.faces[0], RoughFace)

    def place(self, character: str) -> tuple[int, float]:
        """Return (position of the face, width in thousandths); -1 where no face has it."""
        found = self._found.get(character)
        if found is None:
            found = self._found[character] = self._look(character)
        return found

    def width(self, text: str) -> float:
        """Return the width of a line, in thousandths of the type size."""
        known = self._found
        try:
            return sum([known[character][1] for character in text])
        except KeyError:
            return sum([self.place(character)[1] for character in text])

    def runs(self, text: str) -> list[tuple[int, str]]:
        """Return the line in pieces, each of one face; what no face has became `MISSING`."""
        pieces: list[tuple[int, str]] = []
        for given in text:
            at, _ = self.place(given)
            character = given
            if at < 0:
                character, at = MISSING, max(self.place(MISSING)[0], 0)
            if pieces and pieces[-1][0] == at:
                pieces[-1] = (at, pieces[-1][1] + character)
            else:
                pieces.append((at, character))
        return pieces

    def lacking(self, text: str) -> list[str]:
        """Return the characters that no face has, each once, in order."""
        return list(dict.fromkeys(c for c in text if self.place(c)[0] < 0))

    def _look(self, character: str) -> tuple[int, float]:
        # Nothing here orders or joins letters of right-to-left scripts: better none than wrong.
        if unicodedata.bidirectional(character) not in _RIGHT_TO_LEFT:
            for position, face in enumerate(self.faces):
                if face.has(character):
                    return position, face.width(character)
        if character == MISSING:
            return -1, 1000.0
        return -1, self.place(MISSING)[1]


ROUGH: Final = Typeface((RoughFace(""),))
"""Stands in where a picture is wanted and no font is installed: the browser has its own."""


def load(font: str = "") -> Typeface:
    """Return the typeface that labels are set in.

    Args:
        font: path of a TrueType file or collection to prefer; "" to look where Debian keeps them.

    Raises:
        LabelFault: `font_missing` with the packages that bring one, `font_unusable` where `font`
            cannot be read, has no TrueType outlines or no Chinese.
    """
    return _load(font, CHINESE, LATIN)


@lru_cache(maxsize=4)
def _load(font: str, chinese: Sequence[Path], latin: Sequence[Path]) -> Typeface:
    faces = [Face(font)] if font else []
    if font and not faces[0].has(_PROBE):
        raise LabelFault("font_unusable", path=font, packages=PACKAGES)
    faces += [Face(str(path)) for path in chinese if path.is_file()]
    if not any(face.has(_PROBE) for face in faces):  # as a rule the first has
        raise LabelFault("font_missing", packages=PACKAGES)
    faces += [Face(str(path)) for path in latin if path.is_file()]
    return Typeface(tuple(dict.fromkeys(faces)))
