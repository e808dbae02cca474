"""What becomes of a package: taken, sent, a roll lost, cancelled, closed.

Owns: `Package.state`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import transaction
from pyroaring import BitMap

from suyuan.issuing import positions
from suyuan.issuing import selectors as issuing
from suyuan.issuing.counters import hold
from suyuan.issuing.services import release_allotment, withdraw_codes
from suyuan.kernel import clock
from suyuan.masterdata.rules import Text
from suyuan.printhouse import contents, selectors
from suyuan.printhouse.errors import PackageStateWrong
from suyuan.printhouse.models import Package, PackageState
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_WHY: Final = Text(200, required=True)
_READY: Final = frozenset({PackageState.PREPARED, PackageState.SENT, PackageState.RETURNED})
_OUT: Final = frozenset({PackageState.SENT, PackageState.RETURNED})
_BEFORE_RETURN: Final = frozenset(
    {PackageState.PREPARING, PackageState.PREPARED, PackageState.SENT}
)


def held(actor: Actor, number: str, allowed: frozenset[PackageState]) -> Package:
    """Return a package, its order held until the transaction ends.

    Raises:
        NotFound: no such package in the organisation.
        PackageStateWrong: it is not as far as the act needs.
    """
    hold(selectors.get_package(actor.organisation_id, number).order)
    return ready(selectors.get_package(actor.organisation_id, number), allowed)


def ready(package: Package, allowed: frozenset[PackageState]) -> Package:
    """Return `package`; raises `PackageStateWrong` unless it is as far as the act needs."""
    if package.state not in allowed:
        raise PackageStateWrong(number=package.number, state=package.state)
    return package


def take_package(*, actor: Actor, number: str) -> tuple[Package, Iterator[bytes | memoryview]]:
    """Return a package and its file as a stream; who took it is audited.

    A piece is valid until the next is asked for.

    Raises:
        Forbidden: without `codes.download`.
        NotFound: no such package in the organisation.
        PackageStateWrong: it is not ready, or closed.
    """
    actor.require(Right.CODES_DOWNLOAD)
    with transaction.atomic():
        package = held(actor, number, _READY)
        if package.taken_at is None:
            package.taken_at = clock.now()
            package.save(update_fields=["taken_at"])
        actor.audit("package.download", kind="package", object_id=package.number)
    return package, contents.archive(package)


def mark_sent(*, actor: Actor, number: str) -> Package:
    """Note that a package went to its print house; again changes nothing.

    Raises:
        Forbidden: without `codes.download`.
        NotFound: no such package in the organisation.
        PackageStateWrong: it is not ready, or closed.
    """
    actor.require(Right.CODES_DOWNLOAD)
    with transaction.atomic():
        package = held(actor, number, _READY)
        if package.state != PackageState.PREPARED:
            return package
        package.state = PackageState.SENT
        package.sent_at, package.sent_by = clock.now(), actor.name
        package.save(update_fields=["state", "sent_at", "sent_by"])
        _audit(actor, package, "package.send", PackageState.PREPARED)
    return package


def withdraw_roll(*, actor: Actor, number: str, roll: int, reason: str) -> int:
    """Withdraw the codes of a roll that is lost or spoiled; return how many.

    Codes that a list has reported as used stay.

    Raises:
        Forbidden: without `labels.print`.
        NotFound: no such package or roll.
        PackageStateWrong: it is not sent, or closed.
        AlreadyActive: some of its codes are on goods.
        AlreadyWithdrawn: none of them is left.
    """
    actor.require(Right.LABELS_PRINT)
    why = _WHY.check(reason, "reason")
    with transaction.atomic():
        package = held(actor, number, _OUT)
        first, last = selectors.span_of_roll(package, roll)
        codes = selectors.codes_of(package, first, last) - positions.read(package.used)
        fresh = withdraw(actor, package, codes, why)
        spoiled = positions.read(package.spoiled)
        added = len(codes - spoiled)
        package.spoiled = positions.write(spoiled | codes)
        package.spoiled_count += added
        package.save(update_fields=["spoiled", "spoiled_count"])
        actor.audit(
            "package.withdraw_roll",
            kind="package",
            object_id=package.number,
            changes={"roll": [None, roll], "codes": [None, fresh], "reason": [None, why]},
        )
    return fresh


def cancel_package(*, actor: Actor, number: str, why: str) -> Package:
    """Cancel a package of which nothing came back; again changes nothing.

    If nobody has taken its file, its codes are free for other labels; otherwise labels with them
    may exist, and they are withdrawn.

    Raises:
        Forbidden: without `codes.download`; without `labels.print` where codes are withdrawn.
        NotFound: no such package in the organisation.
        PackageStateWrong: a list came back, or it is closed.
        AlreadyActive: codes of it are on goods.
    """
    actor.require(Right.CODES_DOWNLOAD)
    reason = _WHY.check(why, "why")
    with transaction.atomic():
        package = held(actor, number, _BEFORE_RETURN | {PackageState.CANCELLED})
        if package.state == PackageState.CANCELLED:
            return package
        before = PackageState(package.state)
        if package.taken_at is None and before is not PackageState.SENT:
            release_allotment(actor=actor, reference=package.number, why=reason)
        else:
            actor.require(Right.LABELS_PRINT)
            withdraw(actor, package, positions.read(package.positions), reason)
        _close(actor, package, PackageState.CANCELLED, reason)
        _audit(actor, package, "package.cancel", before, why=reason)
    return package


def close_package(*, actor: Actor, number: str, withdraw_missing: str = "") -> Package:
    """Call a package reconciled: nothing more comes back; again changes nothing.

    Args:
        actor: Who acts.
        number: The package.
        withdraw_missing: Why codes that no list names, and that are not active, are withdrawn;
            empty leaves them as they are.

    Raises:
        Forbidden: without `labels.print`.
        NotFound: no such package in the organisation.
        PackageStateWrong: nothing came back, or it was cancelled.
    """
    actor.require(Right.LABELS_PRINT)
    with transaction.atomic():
        package = held(actor, number, _OUT | {PackageState.RECONCILED})
        if package.state == PackageState.RECONCILED:
            return package
        before = PackageState(package.state)
        missing = 0
        if withdraw_missing:
            codes = missing_codes(package)
            codes -= issuing.active_among(package.order, codes)
            missing = withdraw(actor, package, codes, withdraw_missing) if codes else 0
        _close(actor, package, PackageState.RECONCILED, withdraw_missing)
        _audit(actor, package, "package.reconcile", before, withdrawn=missing)
    return package


def missing_codes(package: Package) -> BitMap:
    """Return the codes that no list names; those of rolls that were only counted are not known."""
    codes = positions.read(package.positions)
    codes -= positions.read(package.used)
    codes -= positions.read(package.spoiled)
    for returned in selectors.returns(package):
        if returned.applied_at is not None:
            for roll in returned.counted_rolls:
                codes -= selectors.codes_of(package, *selectors.span_of_roll(package, roll))
    return codes


def withdraw(actor: Actor, package: Package, codes: BitMap, why: str) -> int:
    """Withdraw what of `codes` is not withdrawn yet; return how many."""
    fresh = codes - issuing.withdrawn(package.order)
    if fresh:
        withdraw_codes(
            actor=actor,
            order_number=package.order.number,
            positions=fresh,
            reason=why,
            reference=package.number,
        )
    return len(fresh)


def _close(actor: Actor, package: Package, state: PackageState, why: str) -> None:
    package.state, package.closed_why = state, why
    package.closed_at, package.closed_by = clock.now(), actor.name
    package.save(update_fields=["state", "closed_at", "closed_by", "closed_why"])


def _audit(
    actor: Actor, package: Package, action: str, before: PackageState, **more: object
) -> None:
    changes: dict[str, object] = {"state": [before, package.state]}
    changes |= {name: [None, value] for name, value in more.items() if value}
    actor.audit(action, kind="package", object_id=package.number, changes=changes)
