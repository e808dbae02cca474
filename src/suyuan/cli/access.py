"""From what is typed to whom and what it means.

Owns: which organisation a command acts for, and how a code is looked up. Whoever can run commands
can read the database: there are no rights to check, but the audit trail says `system`.
"""

from __future__ import annotations

from suyuan.capture.identities import find_key
from suyuan.carriers import selectors as carriers
from suyuan.cli.failures import Failure
from suyuan.issuing.selectors import EPC_BASE
from suyuan.quality.targets import resolve_spoken
from suyuan.rfid.selectors import unit_of_tag
from suyuan.tenancy.actor import Actor, system_actor
from suyuan.tenancy.models import Organisation


def organisation_of(slug: str) -> Organisation:
    """Return an organisation by its address.

    Raises:
        Failure: there is none; names those that are there.
    """
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True)[:9])
        raise Failure(
            f"there is no organisation “{slug}”" + (f"; there are: {known}" if known else "")
        )
    return found


def acting_for(slug: str) -> Actor:
    """Return the installation acting for an organisation."""
    return system_actor(organisation_of(slug))


def key_of(organisation_id: int, text: str) -> int:
    """Return the key that a code names, in any text form; a bare serial or lot code does too.

    What stands on a carrier, a tag's EPC among it, names its item.

    Raises:
        Failure: nothing is known of it.
    """
    if text.startswith("/0"):  # an address of the consumer's page without its host
        text = EPC_BASE + text
    carrier = carriers.resolve(organisation_id, text)
    unit = carrier.identity if carrier else unit_of_tag(organisation_id, text)
    key = find_key(organisation_id, unit) if unit else None
    if key is None:
        key = resolve_spoken(organisation_id=organisation_id, text=text)
    if key is None:
        raise Failure(f"nothing is known of “{text[:80]}”")
    return key
