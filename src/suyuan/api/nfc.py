"""NFC chips over the API: profiles, chips, encoders' reports, links to try."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.carriers.services import MOST_ROWS
from suyuan.core.nfc.layout import Layout, MacInput, Mirror, Mode, SealAt
from suyuan.core.nfc.template import Slots
from suyuan.nfc import personalisation, selectors, services
from suyuan.nfc.models import Chip, KeyProfile, ProfileVersion
from suyuan.nfc.services import Attempt, ChipRow, Settings
from suyuan.tenancy.rights import Right

router = Router()

_PAGE = 200

type Word = Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f]*$")]
type Secret = Annotated[str, Field(max_length=80)]


class LayoutIn(Schema):
    """How chips write their links (NXP NT4H2421Tx §9.3)."""

    mode: Mode = Mode.AES
    mirror: Mirror = Mirror.ENCRYPTED
    mac_input: MacInput = MacInput.EMPTY
    file_bytes: int = 0
    seal: SealAt = SealAt.NONE
    bulk: bool = False
    picc_name: Word = "picc_data"
    uid_name: Word = "uid"
    counter_name: Word = "ctr"
    file_name: Word = "enc"
    seal_name: Word = "tt"
    mac_name: Word = "cmac"


class VersionIn(Schema):
    """Layout and keys. Keys are 32 hexadecimal digits; without any, new ones are made."""

    layout: LayoutIn = LayoutIn()
    slot_app: int = 0
    slot_meta: int = 1
    slot_file: int = 2
    diversified: bool = True
    system: Word = ""
    key_meta: Secret = ""
    key_file: Secret = ""
    key_app: Secret = ""

    def settings(self) -> Settings:
        """Return it as the services take it."""
        return Settings(
            layout=Layout(**self.layout.dict()),
            slots=Slots(self.slot_app, self.slot_meta, self.slot_file),
            diversified=self.diversified,
            system=self.system,
            keys={name: getattr(self, name) for name in ("key_meta", "key_file", "key_app")},
        )


class ProfileIn(VersionIn):
    """A profile to make."""

    name: Word
    link_to: Literal["item", "door"] = "item"
    test: bool = False


class KeyVersionOut(Schema):
    """A version of a profile's keys; never the keys."""

    version: int
    layout: dict[str, Any]
    slots: dict[str, int]
    system: str
    check_values: dict[str, str]
    source: str
    created_at: datetime
    revoked_at: datetime | None


class ProfileOut(Schema):
    """A profile."""

    public_id: str
    name: str
    link_to: str
    test: bool
    version: int
    tap_address: str
    created_at: datetime


class ProfileDetail(ProfileOut):
    """A profile with its versions, the newest first."""

    versions: list[KeyVersionOut]


class ChipOut(Schema):
    """A chip; `counter` is null where it was never tapped, `unit` where it is on nothing."""

    uid: str
    profile: str
    key_version: int
    unit: str | None
    counter: int | None
    taps: int
    last_at: datetime | None
    seal: str
    opened_at: datetime | None
    registered_at: datetime | None


class ChipQuery(Schema):
    """Which chips to list."""

    text: Word = ""
    profile: Word = ""
    state: Literal["", "tapped", "untapped", "opened", "unregistered"] = ""
    offset: int = Field(0, ge=0, le=2**31)


class ChipPage(Schema):
    """A page of chips; `next_offset` is null on the last."""

    chips: list[ChipOut]
    next_offset: int | None


class EncodedIn(Schema):
    """A chip that was written; `unit` names its item in any form, or is empty."""

    uid: Word
    unit: Annotated[str, Field(max_length=500)] = ""


class ReportIn(Schema):
    """What an encoder has written."""

    chips: list[EncodedIn] = Field(max_length=MOST_ROWS)


class ReportOut(Schema):
    """What a report changed."""

    registered: int
    bound: int
    unchanged: int


class RangeIn(Schema):
    """Which items of an order; `first` counts from 0."""

    order: Word
    first: int = 0
    count: int


class LinkIn(Schema):
    """A link that a chip made."""

    link: Annotated[str, Field(max_length=4000)]


class AttemptOut(Schema):
    """What a link says under a version of keys; `code` is empty where it is genuine."""

    profile: str
    version: int
    code: str
    uid: str
    counter: int | None
    used: bool
    seal: str | None
    file: str


def _base() -> str:
    return str(settings.ENVIRONMENT.public_url)


def _profile(profile: KeyProfile) -> dict[str, Any]:
    names = ("public_id", "name", "link_to", "test", "version", "created_at")
    return {
        **{name: getattr(profile, name) for name in names},
        "tap_address": personalisation.tap_address(_base(), profile),
    }


def _version(row: ProfileVersion) -> dict[str, Any]:
    names = ("version", "layout", "slots", "system", "source", "created_at", "revoked_at")
    return {**{name: getattr(row, name) for name in names}, "check_values": row.checks}


def _detail(profile: KeyProfile) -> dict[str, Any]:
    versions = [_version(row) for row in selectors.versions_of(profile)]
    return {**_profile(profile), "versions": versions}


def _chips(organisation_id: int, chips: list[Chip]) -> list[dict[str, Any]]:
    units = selectors.units_of_chips(organisation_id, [chip.uid for chip in chips])
    names = ("uid", "key_version", "taps", "last_at", "seal", "opened_at", "registered_at")
    return [
        {
            **{name: getattr(chip, name) for name in names},
            "profile": chip.profile.public_id,
            "counter": None if chip.counter < 0 else chip.counter,
            "unit": units[chip.uid].digital_link() if chip.uid in units else None,
        }
        for chip in chips
    ]


def _attempt(one: Attempt) -> dict[str, Any]:
    reading = one.reading
    return {
        "profile": one.profile.public_id,
        "version": one.version.version,
        "code": one.code,
        "uid": one.uid,
        "counter": reading.counter if reading else None,
        "used": one.used,
        "seal": reading.seal if reading else None,
        "file": reading.file.hex().upper() if reading else "",
    }


@router.get("/nfc/profiles", response=list[ProfileOut])
@requires(Right.CARRIERS_VIEW)
def nfc_profiles(request: ApiRequest) -> list[dict[str, Any]]:
    """List key profiles."""
    return [_profile(row) for row in selectors.list_profiles(request.actor.organisation_id)]


@router.post("/nfc/profiles", response={201: ProfileDetail})
@requires(Right.CARRIERS_KEYS)
def make_nfc_profile(request: ApiRequest, profile: ProfileIn) -> Status[dict[str, Any]]:
    """Make a key profile. Keys go in and are never given out again."""
    made = services.create_profile(
        actor=request.actor,
        name=profile.name,
        settings=profile.settings(),
        link_to=profile.link_to,
        test=profile.test,
    )
    return Status(201, _detail(made))


@router.get("/nfc/profiles/{public_id}", response=ProfileDetail)
@requires(Right.CARRIERS_VIEW)
def nfc_profile(request: ApiRequest, public_id: str) -> dict[str, Any]:
    """Show a key profile and its versions."""
    return _detail(selectors.get_profile(request.actor.organisation_id, public_id))


@router.post("/nfc/profiles/{public_id}/versions", response={201: ProfileDetail})
@requires(Right.CARRIERS_KEYS)
def set_nfc_keys(request: ApiRequest, public_id: str, version: VersionIn) -> Status[dict[str, Any]]:
    """Give a profile new keys; chips with older ones stay genuine until those are revoked."""
    services.new_version(actor=request.actor, public_id=public_id, settings=version.settings())
    return Status(201, nfc_profile(request, public_id))


@router.post("/nfc/profiles/{public_id}/versions/{version}/revoke", response=ProfileDetail)
@requires(Right.CARRIERS_KEYS)
def revoke_nfc_keys(request: ApiRequest, public_id: str, version: int) -> dict[str, Any]:
    """Let nothing under a version's keys be genuine any more, for good."""
    services.revoke_version(actor=request.actor, public_id=public_id, version=version)
    return nfc_profile(request, public_id)


@router.get("/nfc/profiles/{public_id}/settings")
@requires(Right.CARRIERS_VIEW)
def nfc_settings(request: ApiRequest, public_id: str) -> HttpResponse:
    """Return what an encoder writes into chips of a profile; nothing in it is secret."""
    here = request.actor.organisation_id
    profile = selectors.get_profile(here, public_id)
    version = selectors.get_version(here, public_id, profile.version)
    body = personalisation.manifest(version, base=_base())
    return HttpResponse(body, content_type="application/json")


@router.get("/nfc/profiles/{public_id}/table")
@requires(Right.CODES_DOWNLOAD)
def nfc_table(request: ApiRequest, public_id: str, query: Query[RangeIn]) -> StreamingHttpResponse:
    """Stream what the chips of an order's items are written with, as CSV."""
    stream = services.encoder_table(
        actor=request.actor,
        public_id=public_id,
        order_number=query.order,
        first=query.first,
        count=query.count,
        base=_base(),
    )
    headers = {"Cache-Control": "no-store"}
    return StreamingHttpResponse(stream, content_type="text/csv; charset=utf-8", headers=headers)


@router.post("/nfc/profiles/{public_id}/report", response=ReportOut)
@requires(Right.CARRIERS_BIND)
def report_nfc_chips(request: ApiRequest, public_id: str, report: ReportIn) -> dict[str, int]:
    """Register chips that were written, and bind them to their items: all, or none."""
    rows = [
        ChipRow(number, chip.uid, chip.unit) for number, chip in enumerate(report.chips, start=1)
    ]
    done = services.import_chips(actor=request.actor, public_id=public_id, rows=rows)
    return {"registered": done.registered, "bound": done.bound, "unchanged": done.unchanged}


@router.get("/nfc/chips", response=ChipPage)
@requires(Right.CARRIERS_VIEW)
def nfc_chips(request: ApiRequest, query: Query[ChipQuery]) -> dict[str, Any]:
    """List chips, the latest tapped first, 200 at a time."""
    here = request.actor.organisation_id
    rows = selectors.list_chips(here, text=query.text, public_id=query.profile, state=query.state)
    found = list(rows[query.offset : query.offset + _PAGE + 1])
    return {
        "chips": _chips(here, found[:_PAGE]),
        "next_offset": query.offset + _PAGE if len(found) > _PAGE else None,
    }


@router.get("/nfc/chips/{uid}", response=ChipOut)
@requires(Right.CARRIERS_VIEW)
def nfc_chip(request: ApiRequest, uid: str) -> dict[str, Any]:
    """Show a chip."""
    here = request.actor.organisation_id
    return _chips(here, [selectors.get_chip(here, uid)])[0]


@router.post("/nfc/try", response=list[AttemptOut])
@requires(Right.CARRIERS_KEYS)
def try_nfc_link(request: ApiRequest, link: LinkIn) -> list[dict[str, Any]]:
    """Tell what a link says under each version of keys, the best first; nothing is used up."""
    return [_attempt(one) for one in services.try_link(actor=request.actor, link=link.link)]
