"""Labels: what is on them, and printing them on sheets, rolls and label printers.

Owns: designs and papers as values, filling them, PDF, ZPL, TSPL, CSV and SVG.
Does not own: drawing symbols (core.carriers), templates' storage and versions (labels), printing
jobs and printers (printing).
"""
