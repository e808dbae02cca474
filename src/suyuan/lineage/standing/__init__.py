"""Where all items stand now, kept for speed: present state folded ahead of the question.

Owns: the stock's rows, bringing them up to date, reading them, comparing them with the events.
Does not own: the rules (present, fold). The rows are never the truth.
"""

from suyuan.lineage.standing.checking import Differing, StockCheck, check_stock
from suyuan.lineage.standing.reading import Stock, StockLine, read_stock, stock_items
from suyuan.lineage.standing.refreshing import (
    catch_up,
    forget_stock,
    organisations_behind,
    read_mark,
    refresh_stock,
)

__all__ = [
    "Differing",
    "Stock",
    "StockCheck",
    "StockLine",
    "catch_up",
    "check_stock",
    "forget_stock",
    "organisations_behind",
    "read_mark",
    "read_stock",
    "refresh_stock",
    "stock_items",
]
