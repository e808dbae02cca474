"""How a refusal's code is read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from suyuan.core.identifiers import IdentifierError


def refusal(act: Callable[[], object]) -> str:
    """Return the code that `act` is refused with."""
    with pytest.raises(IdentifierError) as caught:
        act()
    return caught.value.code
