"""Set up printers, and try them.

Owns: `Printer` rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final

from django.db import IntegrityError, transaction

from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.rules import Choice, Code, Text
from suyuan.masterdata.selectors import get_location
from suyuan.printing import selectors
from suyuan.printing.errors import PrinterCodeTaken, PrinterFault
from suyuan.printing.models import Printer, PrinterKind
from suyuan.printing.outlets.addresses import allowed
from suyuan.printing.outlets.network import PATIENCE, Line, Patience
from suyuan.printing.outlets.status import Status
from suyuan.printing.values import DEFAULT_PORT, DPIS
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.audit import difference
from suyuan.tenancy.rights import Right

_CODE: Final = Code(40)
_NAME: Final = Text(80, required=True)
_KIND: Final = Choice(PrinterKind.values)
_HOST = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9](?:[A-Za-z0-9\-_]*[A-Za-z0-9])?(?:\.[A-Za-z0-9\-_]+)*"
)
_PORTS: Final = range(1, 65_536)
_FIELDS: Final = ("name", "kind", "host", "port", "dpi", "rfid", "reports", "active")


@dataclass(frozen=True, slots=True)
class Trial:
    """How a try at a printer went.

    Attributes:
        fault: what is wrong, as a code; "" for nothing.
        data: what a sentence about it needs.
        status: what the printer said; None where it was not asked.
    """

    fault: str
    data: Mapping[str, object]
    status: Status | None = None


def add_printer(
    *,
    actor: Actor,
    code: str,
    name: str,
    kind: str,
    host: str,
    port: int = DEFAULT_PORT,
    dpi: int = 203,
    rfid: bool = False,
    reports: bool = False,
    location_code: str = "",
) -> Printer:
    """Set up a printer.

    Args:
        actor: Who acts.
        code: Its name in addresses; up to 40 letters, digits, dots, hyphens.
        name: What colleagues call it.
        kind: One of `PrinterKind`: what language it reads.
        host: Its address or name in the local network.
        port: Where it takes jobs.
        dpi: Its resolution: 203, 300 or 600.
        rfid: Whether it writes tags.
        reports: Whether it answers when asked for its status.
        location_code: Where it stands.

    Raises:
        Forbidden: without `labels.design`.
        NotFound: no such location in the organisation.
        Invalid: `printer_host`, `printer_port`, `print_dpi`, `printer_address_refused`, and what
            is wrong with the texts.
        PrinterCodeTaken: another printer has this code.
    """
    actor.require(Right.LABELS_DESIGN)
    printer = Printer(
        organisation=actor.organisation,
        code=_CODE.check(code, "code"),
        created_at=clock.now(),
        created_by=actor.name,
    )
    _put(actor, printer, _checked(name, kind, host, port, dpi), rfid, reports, location_code)
    try:
        with transaction.atomic():
            printer.save(force_insert=True)
            actor.audit(
                "printer.add",
                kind="printer",
                object_id=printer.code,
                changes=difference({}, _facts(printer, location_code)),
            )
    except IntegrityError as error:
        rows = selectors.printers(actor.organisation_id)
        if not rows.filter(code=printer.code).exists():
            raise
        raise PrinterCodeTaken(place="code", printer=printer.code) from error
    return printer


def change_printer(
    *,
    actor: Actor,
    code: str,
    name: str,
    kind: str,
    host: str,
    port: int = DEFAULT_PORT,
    dpi: int = 203,
    rfid: bool = False,
    reports: bool = False,
    location_code: str = "",
    active: bool = True,
) -> Printer:
    """Change a printer, or put it away (`active` false); jobs keep naming it.

    Raises:
        As `add_printer`; NotFound: no such printer in the organisation.
    """
    actor.require(Right.LABELS_DESIGN)
    values = _checked(name, kind, host, port, dpi)
    with transaction.atomic():
        printer = selectors.get_printer(actor.organisation_id, code)
        before = _facts(printer, printer.location.code if printer.location else "")
        _put(actor, printer, values, rfid, reports, location_code)
        printer.active = active
        changes = difference(before, _facts(printer, location_code))
        if changes:
            printer.save()
            actor.audit("printer.change", kind="printer", object_id=printer.code, changes=changes)
    return printer


def _checked(name: str, kind: str, host: str, port: int, dpi: int) -> dict[str, Any]:
    address = host.strip()
    if port not in _PORTS:
        raise Invalid("printer_port", place="port", given=port)
    if dpi not in DPIS:
        raise Invalid("print_dpi", place="dpi", given=dpi)
    try:
        numeric = str(ip_address(address))
    except ValueError:
        # A name is looked up when it is used: it may lead elsewhere by then.
        if _HOST.fullmatch(address) is None:
            raise Invalid("printer_host", place="host", given=address[:80]) from None
    else:
        if not allowed(numeric):
            raise Invalid("printer_address_refused", place="host", host=address, address=numeric)
        address = numeric
    return {
        "name": _NAME.check(name, "name"),
        "kind": _KIND.check(kind, "kind"),
        "host": address,
        "port": port,
        "dpi": dpi,
    }


def _put(
    actor: Actor,
    printer: Printer,
    values: dict[str, Any],
    rfid: bool,
    reports: bool,
    location_code: str,
) -> None:
    for field, value in values.items():
        setattr(printer, field, value)
    printer.rfid = rfid
    printer.reports = reports and printer.kind != PrinterKind.PDF  # nobody asks those
    # By its column: to set the relation to nothing would empty the organisation as well.
    printer.location_id = (
        get_location(actor.organisation_id, location_code).id if location_code else None
    )


def _facts(printer: Printer, location_code: str) -> dict[str, object]:
    facts = {field: getattr(printer, field) for field in _FIELDS}
    return facts | {"location": location_code or None}


def try_printer(*, actor: Actor, code: str, patience: Patience = PATIENCE) -> Trial:
    """Connect to a printer, and ask it how it is if it answers such questions.

    Nothing is printed.

    Raises:
        Forbidden: without `labels.print`.
        NotFound: no such printer in the organisation.
    """
    actor.require(Right.LABELS_PRINT)
    printer = selectors.get_printer(actor.organisation_id, code)
    status = None
    try:
        with Line(printer, patience) as line:
            if printer.reports:
                status = line.ask()
        fault, data = (status.fault if status else ""), {}
    except PrinterFault as error:
        fault, data = error.code, error.data
    with transaction.atomic():
        actor.audit(
            "printer.try",
            kind="printer",
            object_id=printer.code,
            changes={"outcome": [None, fault or "ok"]},
        )
    return Trial(fault, data or {"printer": printer.name}, status)
