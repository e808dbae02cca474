"""What tests of commands need: some goods, and a way to run `suyuan` in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from suyuan.cli.main import main
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.selectors import links
from tests.issuing_world import (  # noqa: F401 - fixtures
    active_order,
    leaf,
    line,
    lot,
    order,
    product,
    shop,
    warehouse,
)

ORGANISATION = "mingqian"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its standard output, read."""
        return json.loads(self.out)


type Run = Callable[..., Outcome]


@pytest.fixture
def suyuan(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Return a function that runs a command."""

    def run(*words: str) -> Outcome:
        capfdbinary.readouterr()
        code = main(words)
        out, err = capfdbinary.readouterr()
        return Outcome(code, out.decode(), err.decode())

    return run


@pytest.fixture
def item(active_order: CodeOrder) -> str:  # noqa: F811 - the fixture
    """Return an active item, as events name it."""
    return links(active_order)[0]
