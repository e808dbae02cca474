"""The table of routes that the walk (`test_route_walk.py`) goes along.

Every address of the installation is walked as a stranger, as each of the nine roles, and as an
owner of another organisation; what must happen follows from the mark that the gate leaves on the
view (`web.gate`, `api.gate`). So a new page needs no test of its own for that, and mostly no row:

- A page below `/app/<org>/` whose address has no other part needs **no row**.
- An address with more parts needs a row in `ARGUMENTS`: its name → a function that makes an object
  in `world.organisation` (through the services, as `world.actor`) and returns the other parts.
- A route that reads a query or a form to find its object needs that in `DATA`, likewise.
- When those parts name nothing that an organisation owns (a step, a format), add it to `SHARED`.
- A page for everyone, or one of a library, needs a row with its reason in `PUBLIC` or `PERSONAL`.

A name is `namespace:name` as for `reverse`; an operation of the API is `api:function_name`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from suyuan.capture.services import CaptureOutcome, capture_events
from suyuan.core.epcis import build
from suyuan.issuing.services import order_codes
from suyuan.masterdata.services import create_lot, create_product
from suyuan.quality.services import add_report, file_complaint
from suyuan.recalls.services import open_recall
from suyuan.tenancy import services
from suyuan.tenancy.actor import Actor, system_actor
from suyuan.tenancy.models import Organisation, User
from tests.http.carriers import route_rows as carriers_rows
from tests.http.docks import route_rows as docks_rows
from tests.http.drills import route_rows as drills_rows
from tests.http.epcis import route_rows as epcis_rows
from tests.http.labels import route_rows as labels_rows
from tests.http.masterdata import route_rows as masterdata_rows
from tests.http.monitoring import stock_rows
from tests.http.nfc import route_rows as nfc_rows
from tests.http.notices import route_rows as notices_rows
from tests.http.partner_rights import route_rows as partner_rights_rows
from tests.http.partners import route_rows as partners_rows
from tests.http.printhouse import route_rows as printhouse_rows
from tests.http.printing import route_rows as printing_rows
from tests.http.quality import route_rows as quality_rows
from tests.http.rfid import route_rows as rfid_rows
from tests.http.subscriptions import route_rows as subscriptions_rows
from tests.http.suppliers import route_rows as suppliers_rows
from tests.http.trace import route_rows as trace_rows
from tests.recall_world import MADE, PDF


@dataclass(frozen=True, slots=True)
class World:
    """What a row may build upon: an organisation, the system acting for it, and who reads."""

    organisation: Organisation
    actor: Actor
    reader: User


_EVENT_ID = "urn:uuid:0c6a2f2e-6a8b-4b1e-9f0e-6c1d2a9e4b11"

type Arguments = Callable[[World], dict[str, object]]


# ---------------------------------------------------------------- tenancy


def _token_id(world: World) -> dict[str, object]:
    token, _ = services.issue_token(
        actor=world.actor, name="walk", scopes=["events.view"], expires_at=None
    )
    return {"token_id": token.id}


def _prefix(world: World) -> dict[str, object]:
    return {"prefix": services.add_company_prefix(actor=world.actor, prefix="6901234").prefix}


def _email(world: World) -> dict[str, object]:
    user = User.objects.create_user(email="walker@example.com", password="kettle and leaves")
    _, token = services.invite(actor=world.actor, email=user.email, role="partner")
    services.accept_invitation(user=user, token=token)
    return {"email": user.email}


def _invitation(world: World) -> dict[str, object]:
    somewhere = services.create_organisation(
        owner=User.objects.create_user(email="host@example.com", password="kettle and leaves"),
        slug="host",
        name_zh="主人",
    )
    _, token = services.invite(
        actor=system_actor(somewhere), email=world.reader.email, role="partner"
    )
    return {"token": token}


# ---------------------------------------------------------------- quality and recalls


def _report(world: World) -> dict[str, object]:
    report = add_report(
        actor=world.actor,
        title="Residues",
        target_kind="product",
        gtin=create_product(actor=world.actor, name_zh="茶").gtin,
        issued_by="Laboratory",
        issued_on=date(2026, 3, 2),
        result="pass",
        data=PDF,
    )
    return {"number": report.number}


def _complaint(world: World) -> dict[str, object]:
    return {"number": file_complaint(actor=world.actor, text="It smells.").number}


def _recall(world: World) -> dict[str, object]:
    bulk = "https://id.gs1.org/01/09521234000013/10/BULK"
    event = build.object_event(time=MADE, action="ADD", quantities=[build.quantity(bulk, 4, "KGM")])
    capture_events(actor=world.actor, events=[event], source="tests")
    case = open_recall(actor=world.actor, title="Bad", reason="Residues", starts=[bulk])
    return {"number": case.number}


# ---------------------------------------------------------------- issuing


def _gtin_of_items(world: World) -> dict[str, object]:
    product = create_product(
        actor=world.actor, gtin="09521234000099", name_zh="走查", granularity="item"
    )
    return {"gtin": product.gtin}


def _order_number(world: World) -> dict[str, object]:
    gtin = str(_gtin_of_items(world)["gtin"])
    return {"number": order_codes(actor=world.actor, gtin=gtin, count=3).number}


def _order_download(world: World) -> dict[str, object]:
    return {**_order_number(world), "form": "txt"}


def _batch(world: World) -> dict[str, object]:
    gtin = str(_gtin_of_items(world)["gtin"])
    lot = create_lot(actor=world.actor, gtin=gtin, code="W1", produced_on=date(2026, 3, 1))
    return {"gtin": gtin, "lot": lot.code}


def _code(world: World) -> dict[str, object]:
    return {"code": "https://id.gs1.org/01/09521234000099/21/ABC"}


# ---------------------------------------------------------------- verification


def _seen_lot(world: World) -> dict[str, object]:
    bulk = "https://id.gs1.org/01/09521234000013/10/SCANNED"
    event = build.object_event(time=MADE, action="ADD", quantities=[build.quantity(bulk, 4, "KGM")])
    capture_events(actor=world.actor, events=[event], source="tests")
    return {"identifier": bulk}


# ---------------------------------------------------------------- capture


def _captured(world: World) -> CaptureOutcome:
    item = "https://id.gs1.org/01/09521234000013/21/WALK"
    event = build.object_event(time=MADE, action="ADD", epcs=[item], event_id=_EVENT_ID)
    return capture_events(actor=world.actor, events=[event], source="tests")


def _job_id(world: World) -> dict[str, object]:
    return {"job_id": str(_captured(world).job_id)}


def _event_id(world: World) -> dict[str, object]:
    _captured(world)
    return {"event_id": _EVENT_ID}


ARGUMENTS: dict[str, Arguments] = {
    **quality_rows.ARGUMENTS,
    **suppliers_rows.ARGUMENTS,
    **nfc_rows.ARGUMENTS,
    **partners_rows.ARGUMENTS,
    **epcis_rows.ARGUMENTS,
    "epcis:job": _job_id,
    "epcis:job_header": _job_id,
    "epcis:event": _event_id,
    **masterdata_rows.ARGUMENTS,
    **printing_rows.ARGUMENTS,
    **printhouse_rows.ARGUMENTS,
    **trace_rows.ARGUMENTS,
    **labels_rows.ARGUMENTS,
    **rfid_rows.ARGUMENTS,
    **docks_rows.ARGUMENTS,
    **drills_rows.ARGUMENTS,
    **notices_rows.ARGUMENTS,
    **subscriptions_rows.ARGUMENTS,
    **partner_rights_rows.ARGUMENTS,
    # tenancy
    "invitation": _invitation,
    "tenancy:prefix_remove": _prefix,
    "tenancy:remove": _email,
    "tenancy:revoke": _token_id,
    "api:revoke_token": _token_id,
    # quality and recalls
    **dict.fromkeys(
        (
            "quality:report",
            "quality:report_file",
            "quality:show_report",
            "quality:revoke_report",
            "api:inspection_report",
            "api:publish_report",
            "api:unpublish_report",
            "api:revoke_report",
        ),
        _report,
    ),
    **dict.fromkeys(
        (
            "quality:complaint",
            "quality:write_complaint",
            "quality:erase_reporter",
            "api:complaint",
            "api:write_complaint",
            "api:erase_reporter",
        ),
        _complaint,
    ),
    **dict.fromkeys(
        (
            "recalls:case",
            "recalls:items",
            "recalls:items_csv",
            "recalls:items_xlsx",
            "recalls:close",
            "recalls:decide",
            "recalls:withdraw",
            "recalls:again",
            "recalls:effect",
            "recalls:count",
            "recalls:give_up",
            "recalls:report_pdf",
            "recalls:report_xlsx",
            "api:recall_case",
            "api:approve_recall",
            "api:reject_recall",
            "api:withdraw_recall",
            "api:recall_versions",
            "api:take_up_recall",
            "api:recall_difference",
            "api:recall_effect",
            "api:recall_counts",
            "api:count_recall",
            "api:give_up_recalled",
            "api:recall_parcels",
            "api:recall_items",
            "api:close_recall",
        ),
        _recall,
    ),
    "api:recall_version": lambda world: {**_recall(world), "version": 1},
    # issuing
    "issuing:order": _order_number,
    "issuing:commission": _order_number,
    "issuing:pack": _order_number,
    "issuing:download": _order_download,
    "issuing:keys": _gtin_of_items,
    "issuing:rotate": _gtin_of_items,
    "codes:picture_file": lambda _world: {"form": "svg"},
    "process:collect": lambda _world: {"step": "pack"},
    "api:code_order": _order_number,
    "api:download_codes": _order_number,
    "api:commission_codes": _order_number,
    "api:pack_codes": _order_number,
    "api:numbering_keys": _gtin_of_items,
    "api:rotate_key": _gtin_of_items,
    # shell
    "shell:step": lambda _world: {"name": "plan"},
}

# What a route needs in its query or form to find something at all; mostly nothing.
DATA: dict[str, Arguments] = {
    **suppliers_rows.DATA,
    **partner_rights_rows.DATA,
    **carriers_rows.DATA,
    **nfc_rows.DATA,
    **partners_rows.DATA,
    **printing_rows.DATA,
    **stock_rows.DATA,
    **trace_rows.DATA,
    "api:scans_of": _seen_lot,
    "issuing:lot": _batch,
    "issuing:qr_svg": _code,
    "codes:picture_file": _code,
}

# Their parts name nothing that an organisation owns.
SHARED: frozenset[str] = (
    masterdata_rows.SHARED
    | partners_rows.SHARED
    | notices_rows.SHARED
    | epcis_rows.SHARED
    | labels_rows.SHARED
    | frozenset({"shell:step", "process:collect", "issuing:qr_svg", "codes:picture_file"})
)

# ---------------------------------------------------------------- for everyone, with the reason

PUBLIC: dict[str, str] = {
    **masterdata_rows.PUBLIC,
    **nfc_rows.PUBLIC,
    **notices_rows.PUBLIC,
    "set_language": "a stranger chooses the language too",
    "shell:start": "the installation's front page",
    "shell:health": "a load balancer asks before anyone has signed in",
    "shell:metrics": "guards itself: loopback or a token",
    "epcis:openapi": "describes the interface, and nobody's data",
    "epcis:docs": "the same as a page",
    "epcis:nowhere": "tells that there is no such address",
    "account_login": "signing in",
    "account_logout": "harmless without a session",
    "account_inactive": "tells a blocked person why",
    "account_signup": "signing up",
    "account_email_verification_sent": "after signing up",
    "account_confirm_email": "the letter's key is the proof",
    "account_reset_password": "one who has forgotten the password cannot sign in",
    "account_reset_password_done": "tells the same whether the address is known or not",
    "account_reset_password_from_key": "the letter's key is the proof",
    "account_reset_password_from_key_done": "after setting a new password",
    "account_confirm_login_code": "a stage of signing in; without one it leads back",
    "mfa_authenticate": "a stage of signing in; without one it leads back",
    "api:openapi-json": "the API's description holds no data",
    "api:openapi-view": "the API's documentation holds no data",
    "api:api-root": "answers 404; it gives the API its address",
    "consumer:item": "the consumer's page",
    "consumer:lot": "the consumer's page",
    "consumer:product": "the consumer's page",
    "consumer:unit": "the consumer's page",
    "consumer:resolver": "GS1 Digital Link: a resolver describes itself",
    "quality:public_report": "an inspection report that the brand has published",
}

# Samples for public addresses with parts; what they name need not exist.
PUBLIC_ARGUMENTS: dict[str, dict[str, object]] = {
    **masterdata_rows.PUBLIC_ARGUMENTS,
    **nfc_rows.PUBLIC_ARGUMENTS,
    **notices_rows.PUBLIC_ARGUMENTS,
    "account_confirm_email": {"key": "MQ:abc"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "abc-def"},
    "consumer:item": {"gtin": "09521234000013", "serial": "7K3M"},
    "consumer:lot": {"gtin": "09521234000013", "lot": "L-1"},
    "consumer:product": {"gtin": "09521234000013"},
    "consumer:unit": {"sscc": "095212340000000018"},
    "quality:public_report": {"sha256": "0" * 64},
}

# ---------------------------------------------------------------- a person's own, of a library

PERSONAL: dict[str, str] = {
    "account_reauthenticate": "asks for the password again",
    "account_email": "one's own addresses",
    "account_change_password": "one's own password",
    "account_set_password": "one's own password",
    "mfa_index": "one's own second factor",
    "mfa_reauthenticate": "asks for the second factor again",
    "mfa_activate_totp": "one's own second factor",
    "mfa_deactivate_totp": "one's own second factor",
    "mfa_view_recovery_codes": "one's own recovery codes",
    "mfa_generate_recovery_codes": "one's own recovery codes",
    "mfa_download_recovery_codes": "one's own recovery codes",
}
