"""Agree on a password with a print house.

Owns: `PrintHouse` rows.
Invariant: a password is kept sealed, and whoever is told it is in the audit trail.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction

from suyuan.core.sealed_zip import new_password
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.kernel.secretbox import seal, unseal
from suyuan.masterdata.models import Party, PartyKind
from suyuan.masterdata.rules import Text
from suyuan.masterdata.selectors import get_party
from suyuan.printhouse.errors import PasswordMissing
from suyuan.printhouse.models import PrintHouse
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_SEALED_FOR: Final = "print-house-passwords"
_PASSWORD: Final = Text(100)
_SHORTEST: Final = 16  # a thousand rounds of PBKDF2 protect nothing shorter


def print_house(organisation_id: int, code: str) -> Party:
    """Return a party that prints.

    Raises:
        NotFound: no such party in the organisation.
        Invalid: `party_not_printer`.
    """
    party = get_party(organisation_id, code)
    if party.kind != PartyKind.PRINTER:
        raise Invalid("party_not_printer", place="party_code", party=party.code)
    return party


def agree_password(*, actor: Actor, party_code: str, password: str = "") -> str:
    """Agree on the password of a print house's packages, and return it; empty draws one.

    Packages made before keep theirs.

    Raises:
        Forbidden: without `codes.download`.
        NotFound: no such party in the organisation.
        Invalid: `party_not_printer`, `password_short`, and what is wrong with the text.
    """
    actor.require(Right.CODES_DOWNLOAD)
    given = _PASSWORD.check(password, "password") or new_password()
    if len(given) < _SHORTEST:
        raise Invalid("package_password_short", place="password", shortest=_SHORTEST)
    with transaction.atomic():
        party = print_house(actor.organisation_id, party_code)
        PrintHouse.objects.update_or_create(
            organisation_id=actor.organisation_id,
            party_id=party.id,
            defaults={
                "password": seal(_SEALED_FOR, given.encode()),
                "password_at": clock.now(),
                "password_by": actor.name,
            },
        )
        actor.audit("print_house.agree_password", kind="party", object_id=party.code)
    return given


def tell_password(*, actor: Actor, party_code: str) -> str:
    """Return the password agreed with a print house; who was told it is audited.

    Raises:
        Forbidden: without `codes.download`.
        NotFound: no such party in the organisation.
        Invalid: `party_not_printer`.
        PasswordMissing: none is agreed.
        SealBroken: it was sealed under a secret that this installation no longer has.
    """
    actor.require(Right.CODES_DOWNLOAD)
    with transaction.atomic():
        party = print_house(actor.organisation_id, party_code)
        password = agreed_password(party)
        actor.audit("print_house.tell_password", kind="party", object_id=party.code)
    return password


def agreed_password(party: Party) -> str:
    """Return what `tell_password` does, for a package that is being locked."""
    row = PrintHouse.objects.filter(
        organisation_id=party.organisation_id, party_id=party.id
    ).first()
    if row is None or not row.password:
        raise PasswordMissing(place="agreed_password", party=party.code)
    return unseal(_SEALED_FOR, bytes(row.password)).decode()
