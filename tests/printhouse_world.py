"""What tests of print-house packages need: a print house, a package, its file opened.

Owns: fixtures and readers that several folders use.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

import pytest
import pyzipper

from suyuan.issuing.models import CodeOrder
from suyuan.masterdata.models import Party
from suyuan.masterdata.services import create_party
from suyuan.printhouse import contents, selectors, services
from suyuan.printhouse.models import Package
from suyuan.printhouse.values import Made, Wanted
from suyuan.tenancy.actor import Actor
from tests.issuing_world import line, lot, order, other_product, product, warehouse

# The fixtures, which a folder's `conftest.py` takes whole.
__all__ = [
    "line",
    "lot",
    "made",
    "order",
    "other_product",
    "printer",
    "product",
    "sent",
    "warehouse",
]


@pytest.fixture
def printer(actor: Actor) -> Party:
    """Return a print house."""
    return create_party(
        actor=actor, code="PRINT-1", name_zh="西湖印务", name_en="West Lake Press", kind="printer"
    )


def make(actor: Actor, order: CodeOrder, **more: Any) -> Made:
    """Make a package of an order, on rolls of 30, and sum it up."""
    values = {"party_code": "PRINT-1", "roll_size": 30, **more}
    if "set_number" not in values:
        values["order_number"] = order.number
    made = services.make_package(actor=actor, wanted=Wanted(**{"order_number": "", **values}))
    services.sum_up(actor.organisation_id, made.package.number)
    return Made(selectors.get_package(actor.organisation_id, made.package.number), made.password)


@pytest.fixture
def made(actor: Actor, order: CodeOrder, printer: Party) -> Made:
    """Return a package of the order's 100 codes on four rolls, with its password."""
    return make(actor, order)


@pytest.fixture
def sent(actor: Actor, made: Made) -> Package:
    """Return the package after it went to the print house."""
    services.take_package(actor=actor, number=made.package.number)
    return services.mark_sent(actor=actor, number=made.package.number)


@dataclass(frozen=True)
class Opened:
    """What a print house finds in a package."""

    names: list[str]
    texts: dict[str, str]
    rows: list[dict[str, str]]
    manifest: dict[str, Any]


def file_of(package: Package) -> bytes:
    """Return a package's file."""
    return b"".join(bytes(piece) for piece in contents.archive(package))


def opened(package: Package, password: str) -> Opened:
    """Open a package with a program that is not ours."""
    archive = pyzipper.AESZipFile(io.BytesIO(file_of(package)))
    archive.setpassword(password.encode())
    texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    rows = list(csv.DictReader(io.StringIO(texts["codes.csv"], newline="")))
    return Opened(archive.namelist(), texts, rows, json.loads(texts["manifest.json"]))


def table(*rows: str) -> bytes:
    """Return a CSV file of lines."""
    return "\r\n".join(rows).encode()
