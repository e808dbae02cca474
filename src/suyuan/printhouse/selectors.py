"""Packages, their rolls, and on which roll a code is."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Sequence
from typing import Final

from django.db.models import QuerySet
from pyroaring import BitMap

from suyuan.issuing import positions
from suyuan.issuing.models import AllotmentKind, CodeOrder
from suyuan.issuing.selectors import allotments_at, space_of
from suyuan.kernel.errors import NotFound
from suyuan.kernel.text_search import containing
from suyuan.masterdata.models import Party, PartyKind
from suyuan.masterdata.selectors import list_parties
from suyuan.printhouse.models import Package, PrintHouse, ReturnList
from suyuan.printhouse.returned.findings import Finding
from suyuan.printhouse.values import Place, Roll

_NUMBER: Final = re.compile(r"PH-[0-9]{4}-[0-9]{4,8}")


def get_package(organisation_id: int, number: str) -> Package:
    """Return a package with its order, product, print house and sets.

    Raises:
        NotFound: unknown, malformed or another organisation's.
    """
    package = None
    if _NUMBER.fullmatch(number):
        package = packages(organisation_id).filter(number=number).first()
    if package is None:
        raise NotFound(kind="package")
    return package


def packages(
    organisation_id: int, *, text: str = "", state: str = "", party: str = ""
) -> QuerySet[Package]:
    """Return packages, the newest first, with orders, products and print houses."""
    rows = Package.objects.filter(organisation_id=organisation_id)
    if state:
        rows = rows.filter(state=state)
    if party:
        rows = rows.filter(party__code=party)
    rows = rows.filter(
        containing(
            text,
            "number",
            "note",
            "order__number",
            "set_plan__number",
            "party__name_zh",
            "party__name_en",
            "order__product__name_zh",
            "order__product__name_en",
            "order__product__gtin",
        )
    )
    related = ("order__product", "order__lot", "party", "set_plan")
    return rows.select_related(*related).order_by("-created_at", "-id")


def package_of_request(organisation_id: int, request_key: str) -> Package | None:
    """Return the package that this request made, if it did."""
    if not request_key:
        return None
    return packages(organisation_id).filter(request_key=request_key).first()


def print_houses(organisation_id: int) -> list[Party]:
    """Return the parties that print, by code."""
    return list(list_parties(organisation_id, kind=PartyKind.PRINTER.value))


def agreed_with(organisation_id: int, party_ids: Sequence[int]) -> dict[int, PrintHouse]:
    """Return what is agreed with print houses, by party, where something is."""
    rows = PrintHouse.objects.filter(organisation_id=organisation_id, party_id__in=list(party_ids))
    return {row.party_id: row for row in rows}


def span_of_roll(package: Package, number: int) -> tuple[int, int]:
    """Return (first, last) sequence of a roll.

    Raises:
        NotFound: the package has no such roll.
    """
    at = number - package.first_roll
    if not 0 <= at < package.rolls:
        raise NotFound(kind="roll")
    return at * package.roll_size + 1, min((at + 1) * package.roll_size, package.lines)


def codes_of(package: Package, first: int, last: int) -> BitMap:
    """Return the positions of sequences `first` to `last`, counted from 1."""
    held = positions.read(package.positions)
    low, high = held[first - 1], held[last - 1]
    return held & positions.of_ranges([(low, high + 1)])


def rolls(package: Package, *, first: int = 0, count: int = 50) -> list[Roll]:
    """Return some rolls of a package, from the `first`-th, counted from 0."""
    held = positions.read(package.positions)
    used, spoiled = positions.read(package.used), positions.read(package.spoiled)
    space = space_of(package.order)
    found: list[Roll] = []
    for at in range(first, min(first + count, package.rolls)):
        number = package.first_roll + at
        low, high = span_of_roll(package, number)
        span = held[low - 1], held[high - 1]
        serials = [space.serial(package.order.start + place) for place in span]
        found.append(
            Roll(
                number,
                low,
                high,
                serials[0],
                serials[1],
                positions.within(used, span[0], span[1] + 1),
                positions.within(spoiled, span[0], span[1] + 1),
            )
        )
    return found


def places_of_code(order: CodeOrder, position: int) -> list[Place]:
    """Return the packages and rolls that a code of an order is on."""
    references = [
        row.reference for row in allotments_at(order, position) if row.kind == AllotmentKind.PACKAGE
    ]
    found: list[Place] = []
    for package in packages(order.organisation_id).filter(number__in=references):
        held = positions.read(package.positions)
        if position in held:
            sequence = held.rank(position)
            roll = package.first_roll + (sequence - 1) // package.roll_size
            found.append(Place(package, roll, sequence))
    return found


def returns(package: Package) -> list[ReturnList]:
    """Return the lists that came back, the latest first."""
    rows = ReturnList.objects.filter(organisation_id=package.organisation_id, package_id=package.id)
    return list(rows.defer("used", "spoiled", "findings").order_by("-ordinal"))


def get_return(package: Package, ordinal: int) -> ReturnList:
    """Return one list.

    Raises:
        NotFound: the package has no such list.
    """
    rows = ReturnList.objects.filter(
        organisation_id=package.organisation_id, package_id=package.id, ordinal=ordinal
    )
    found = rows.first()
    if found is None:
        raise NotFound(kind="return_list")
    return found


def findings_of(returned: ReturnList) -> list[Finding]:
    """Return the lines of a list that do not fit, in order."""
    rows = json.loads(zlib.decompress(bytes(returned.findings)))
    return [Finding(*row) for row in rows]
