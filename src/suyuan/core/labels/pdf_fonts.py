"""Embed what a PDF uses of a typeface: only the glyphs that were set.

Owns: the numbers that characters have in a file, widths, subsets, the way back to Unicode.
Does not own: fonts (fonts), the file (pdf_file).
Source: ISO 32000-1 §9.7 (composite fonts), §9.10.3 (ToUnicode).
"""

from __future__ import annotations

from itertools import batched
from typing import Any, Final

from suyuan.core.labels.fonts import Face, Typeface
from suyuan.core.labels.pdf_file import PdfFile

_LARGEST: Final = 0xFFFF  # numbers of characters are two bytes
_SYMBOLIC: Final = 4  # font flag: the font's own encoding
_LINES: Final = 100  # that one `beginbfchar` may hold


class FontWriter:
    """Gives characters their numbers while pages are written; embeds the fonts at the end."""

    def __init__(self, typeface: Typeface) -> None:
        """Begin with no character."""
        self._typeface = typeface
        self._numbers: list[dict[str, int]] = [{} for _ in typeface.faces]
        self._codes: dict[str, tuple[int, str]] = {}

    def show(self, text: str, size: str) -> str:
        """Return the operators that set the font and show one line, from where the text stands.

        Args:
            text: one line.
            size: the type size as a number of a PDF.
        """
        codes = self._codes
        try:
            first = codes[text[0]][0]
            found = [codes[character] for character in text]
        except KeyError:
            first, found = self._take(text)
        except IndexError:
            return ""
        if all(face == first for face, _ in found):
            return f"/T{first} {size} Tf<{''.join([code for _, code in found])}>Tj"
        parts: list[tuple[int, str]] = []
        for face, code in found:
            if parts and parts[-1][0] == face:
                parts[-1] = (face, parts[-1][1] + code)
            else:
                parts.append((face, code))
        return "".join([f"/T{face} {size} Tf<{hexes}>Tj" for face, hexes in parts])

    def write(self, file: PdfFile) -> str:
        """Embed the fonts that were used; return their part of the resource dictionary."""
        used = [
            f"/T{position} {_embed(file, face, list(numbers))} 0 R"
            for position, (face, numbers) in enumerate(
                zip(self._typeface.faces, self._numbers, strict=True)
            )
            if numbers
        ]
        return f"/Font<<{''.join(used)}>>"

    def _take(self, text: str) -> tuple[int, list[tuple[int, str]]]:
        for given in text:
            if given not in self._codes:
                [(face, character)] = self._typeface.runs(given)
                numbers = self._numbers[face]
                number = numbers.setdefault(character, min(len(numbers) + 1, _LARGEST))
                self._codes[given] = (face, f"{number:04X}")
        found = [self._codes[character] for character in text]
        return found[0][0], found


def _embed(file: PdfFile, face: Face, characters: list[str]) -> int:
    """Write one font with the characters' glyphs; the first has number 1."""
    font = face.file
    codes = [ord(character) for character in characters]
    program = file.stream(font.makeSubset(codes))
    name = f"SUYUAN+{_clean(font)}"
    box = " ".join(str(round(edge)) for edge in font.bbox)
    descriptor = file.add(
        f"<</Type/FontDescriptor/FontName/{name}/Flags {_SYMBOLIC}/FontBBox[{box}]/ItalicAngle 0"
        f"/Ascent {round(font.ascent)}/Descent {round(font.descent)}"
        f"/CapHeight {round(font.capHeight)}/StemV 80/FontFile2 {program} 0 R>>"
    )
    widths = " ".join(str(round(face.width(character))) for character in characters)
    glyphs = file.stream(_glyph_numbers(font, codes))
    descendant = file.add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {descriptor} 0 R/DW 1000/W[1[{widths}]]/CIDToGIDMap {glyphs} 0 R>>"
    )
    back = file.stream(_to_unicode(characters))
    return file.add(
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
        f"/DescendantFonts[{descendant} 0 R]/ToUnicode {back} 0 R>>"
    )


def _glyph_numbers(font: Any, codes: list[int]) -> bytes:
    """Return each number's glyph in the subset, two bytes each: those used first come first."""
    place: dict[int, int] = {0: 0}
    glyphs = [0] + [place.setdefault(font.charToGlyph.get(code, 0), len(place)) for code in codes]
    return b"".join([glyph.to_bytes(2) for glyph in glyphs])


def _to_unicode(characters: list[str]) -> bytes:
    """Return the map by which readers copy text out of the page."""
    rows = [
        f"<{number:04X}><{character.encode('utf-16-be').hex().upper()}>"
        for number, character in enumerate(characters, 1)
    ]
    blocks = [
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar"
        for block in batched(rows, _LINES)
    ]
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
        "/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
        "1 begincodespacerange<0000><FFFF>endcodespacerange\n" + "\n".join(blocks) + "\n"
        "endcmap CMapName currentdict/CMap defineresource pop end end"
    ).encode()


def _clean(font: Any) -> str:
    name = font.name.decode("latin-1") if isinstance(font.name, bytes) else str(font.name)
    return "".join(c for c in name if c.isascii() and (c.isalnum() or c == "-")) or "Font"
