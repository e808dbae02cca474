"""What bears a code: symbols that scanners read.

Owns: drawing symbols at a printer's dots, writing them as files, reading them back from pictures.
Does not own: what stands in them (identifiers), labels, sheets and printers (labels).

    symbol = draw("https://id.example/01/09521234000013", symbology="qr", level="M")
    size = sizing.fit(symbol.width, 20, 300)       # whole dots for each module
    sizing.hint(size, symbol.symbology).grade      # will a phone read it?
    formats.write(symbol, "pdf", size)             # or formats.svg(symbol, module=4)
"""

from suyuan.core.carriers.symbols import (
    KINDS,
    LEVELS,
    Level,
    Symbol,
    Symbology,
    TextDoesNotFit,
    draw,
    draw_many,
)

__all__ = [
    "KINDS",
    "LEVELS",
    "Level",
    "Symbol",
    "Symbology",
    "TextDoesNotFit",
    "draw",
    "draw_many",
]
