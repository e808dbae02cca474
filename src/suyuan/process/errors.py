"""What acts of logistics refuse: codes and data, no text."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict


class GoodsRecalled(Conflict):
    """Goods that are recalled must not be packed, sent or handed over.

    `given` is the first unit, `goods` what is recalled of it or in it, `recall` the number of the
    case that marked it ("—" if the mark names none), `count` how many units are concerned.
    """

    code = "goods_recalled"
