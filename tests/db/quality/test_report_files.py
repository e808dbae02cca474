"""Reports with several files, and reports on single items."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from suyuan.capture.identities import find_key
from suyuan.core.identifiers import parse_epc
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.quality import selectors
from suyuan.quality.errors import FileRefused
from suyuan.quality.models import InspectionReport
from suyuan.quality.services import add_report, revoke_report, unpublish_report
from suyuan.quality.single_items import ranges_of
from suyuan.tenancy.actor import Actor
from tests.recall_world import GTIN, PDF, World, item, lot, picture

pytestmark = pytest.mark.usefixtures("media")


def _add(actor: Actor, **more: object) -> InspectionReport:
    given = {
        "title": "Kept sample",
        "target_kind": "product_lot",
        "gtin": GTIN,
        "lot": "L-A",
        "issued_by": "Zhejiang Laboratory",
        "issued_on": date(2026, 3, 2),
        "result": "pass",
        "data": PDF,
        "publish": True,
        **more,
    }
    return add_report(actor=actor, **given)  # type: ignore[arg-type]


def _items(actor: Actor, *lines: str, **more: object) -> InspectionReport:
    return _add(actor, target_kind="items", items=lines, **more)


def test_files_are_kept_in_order_and_public_with_their_report(actor: Actor, world: World) -> None:
    report = _add(actor, more=[picture(), picture("JPEG")])

    more = selectors.files_of(report)
    assert [(file.position, file.content_type) for file in more] == [
        (2, "image/png"),
        (3, "image/jpeg"),
    ]
    found = selectors.public_file(more[0].sha256)
    assert (found.content_type, found.path.read_bytes()) == ("image/png", picture())
    assert found.number == f"{report.number}-2"


def test_further_files_leave_the_public_with_their_report(actor: Actor, world: World) -> None:
    hidden = _add(actor, more=[picture()])
    revoked = _add(actor, more=[picture("JPEG")])
    unpublish_report(actor=actor, number=hidden.number)
    revoke_report(actor=actor, number=revoked.number, reason="Mixed up")

    for report in (hidden, revoked):
        with pytest.raises(NotFound):
            selectors.public_file(selectors.files_of(report)[0].sha256)


def test_file_that_another_published_report_has_too_stays_public(
    actor: Actor, world: World
) -> None:
    first, second = _add(actor, more=[picture()]), _add(actor, more=[picture()])
    revoke_report(actor=actor, number=first.number, reason="Mixed up")

    found = selectors.public_file(selectors.files_of(first)[0].sha256)
    assert found.number == f"{second.number}-2"


def test_bad_further_file_refuses_the_report_whole(actor: Actor, world: World) -> None:
    with pytest.raises(FileRefused) as refusal:
        _add(actor, more=[picture(), PDF + b"<script>"])

    assert (refusal.value.code, refusal.value.place) == ("file_damaged", "more")
    assert not InspectionReport.objects.exists()
    folder = Path(settings.MEDIA_ROOT) / str(actor.organisation_id) / "reports"
    assert not folder.exists() or not list(folder.iterdir())


def test_eleventh_file_is_refused(actor: Actor, world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        _add(actor, more=[picture()] * 10)

    assert refusal.value.code == "too_many_files"


def test_items_are_named_by_codes_serials_and_ranges(actor: Actor, world: World) -> None:
    report = _items(actor, item(1), "3", f"{item(5)} … {item(8)}", "10 - 12", "", "14至15")

    assert report.item_count == 11
    assert [
        (one.first, one.last, one.items)
        for one in ranges_of(actor.organisation_id, report.item_keys, most=10)
    ] == [("1", "1", 1), ("3", "3", 1), ("5", "8", 4), ("10", "12", 3), ("14", "15", 2)]


def test_range_holds_only_items_that_some_event_names(actor: Actor, world: World) -> None:
    assert _items(actor, "18 … 103").item_count == 3 + 3


@pytest.mark.parametrize(
    ("lines", "code", "place"),
    [
        ([], "items_required", "items"),
        (["  "], "items_required", "items"),
        ([item(1), item(999)], "identity_unknown", "items/2"),
        ([lot("L-A")], "items_of_other_product", "items/1"),
        ([f"{item(8)} … {item(5)}"], "range_reversed", "items/1"),
        (["1 … nothing"], "identity_unknown", "items/1"),
        (["x" * 5_000], "identity_unknown", "items/1"),
        ([item(1)] * 1_001, "too_many_items", "items"),
        (["\x00"], "identity_unknown", "items/1"),
    ],
)
def test_items_that_cannot_be_meant_are_refused_with_their_line(
    actor: Actor, world: World, lines: list[str], code: str, place: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        _items(actor, *lines)

    assert (refusal.value.code, refusal.value.place) == (code, place)


def test_report_on_items_speaks_for_them_alone(actor: Actor, world: World) -> None:
    report = _items(actor, item(5))
    keys = [find_key(actor.organisation_id, parse_epc(item(n))) for n in (5, 6)]

    def reports(key: int | None) -> list[str]:
        found = selectors.reports_for(
            organisation_id=actor.organisation_id, gtin=GTIN, lot="L-A", item=key
        )
        return [one.number for one in found]

    assert reports(keys[0]) == [report.number]
    assert reports(keys[1]) == []
    assert reports(None) == []


def test_other_organisations_items_are_unknown(
    actor: Actor, other_actor: Actor, world: World
) -> None:
    with pytest.raises(NotFound):
        _items(other_actor, item(1))
