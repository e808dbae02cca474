"""Packages: what is in them, who may take them, what becomes of them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import pyzipper
from django.conf import settings

from suyuan.core.codespace import CodeSpace
from suyuan.issuing import positions
from suyuan.issuing import selectors as issuing
from suyuan.issuing.errors import AlreadyActive, AlreadyAllotted, NoInnerCodes, SetCancelled
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import (
    allot,
    cancel_sets,
    commission,
    order_codes,
    plan_sets,
    withdraw_codes,
)
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.masterdata.models import Location, Party, Product
from suyuan.masterdata.services import create_party, create_product, update_product
from suyuan.printhouse import contents, lines, readme, selectors, services
from suyuan.printhouse.errors import NothingToPackage, PackageStateWrong, PasswordMissing
from suyuan.printhouse.models import Package
from suyuan.printhouse.values import Made, Wanted
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from tests.issuing_world import MADE
from tests.printhouse_world import file_of, make, opened

FACTS = {
    "organisation": {"zh": "明前茶业", "en": "Mingqian Tea"},
    "print_house": {"code": "PRINT-1", "zh": "西湖印务", "en": "West Lake Press"},
    "order": "CO-2026-0001",
    "gtin": "09521234000013",
    "name_zh": "明前龙井 50 g",
    "name_en": "Longjing 50 g",
    "lot": "L260301",
}

type Captured = Callable[..., AbstractContextManager[list[Callable[[], None]]]]


# ---------------------------------------------------------------- the file


def test_a_print_house_finds_each_code_once_in_order(made: Made, order: CodeOrder) -> None:
    found = opened(made.package, made.password)
    assert found.names == [
        "README.zh.txt",
        "README.en.txt",
        "codes.csv",
        "manifest.json",
    ]
    serials = issuing.serials(order, count=100)
    links = issuing.links(order, count=100, base=settings.PUBLIC_URL)
    assert [row["serial"] for row in found.rows] == serials
    assert [row["link"] for row in found.rows] == links
    assert [int(row["sequence"]) for row in found.rows] == list(range(1, 101))
    assert [int(row["roll"]) for row in found.rows] == [n // 30 + 1 for n in range(100)]
    assert {len(line) for line in found.texts["codes.csv"].splitlines()[1:]} == {
        len(found.texts["codes.csv"].splitlines()[1])
    }


def test_the_manifest_ties_rolls_to_serials_and_files_to_sums(made: Made, order: CodeOrder) -> None:
    found = opened(made.package, made.password)
    told = found.manifest
    assert (told["order"], told["product"]["gtin"]) == (order.number, order.product.gtin)
    assert told["counts"] == {"codes": 100, "rolls": 4, "roll_size": 30}
    serials = issuing.serials(order, count=100)
    assert told["rolls"][3] == {
        "roll": 4,
        "first": 91,
        "last": 100,
        "serials": [serials[90], serials[99]],
    }
    raw = pyzipper.AESZipFile(io.BytesIO(file_of(made.package)))
    raw.setpassword(made.password.encode())
    for file in told["files"]:
        assert hashlib.sha256(raw.read(file["name"])).hexdigest() == file["sha256"]


def test_both_readmes_name_the_package_and_its_columns(made: Made) -> None:
    found = opened(made.package, made.password)
    assert "印刷厂：西湖印务" in found.texts["README.zh.txt"]
    assert "West Lake Press" in found.texts["README.en.txt"]
    for name in ("README.zh.txt", "README.en.txt"):
        assert made.package.number in found.texts[name]
        assert "serial" in found.texts[name]


def test_the_file_is_the_same_bytes_every_time_and_sums_up_to_what_is_kept(
    actor: Actor, made: Made, product: Product
) -> None:
    update_product(actor=actor, gtin=product.gtin, name_zh="改了名")
    package = selectors.get_package(actor.organisation_id, made.package.number)
    data = file_of(package)
    assert data == file_of(package)
    assert (len(data), hashlib.sha256(data).hexdigest()) == (package.bytes, package.sha256)


def test_lines_and_readmes_of_packages_in_the_field_do_not_change() -> None:
    # Files are made anew from their rows: other bytes would belie the sums that were told.
    layout = lines.Layout(
        space=CodeSpace(key=bytes(range(16)), gtin="09521234000013", version=1),
        start=7,
        positions=positions.of_ranges([(0, 40), (60, 70)]),
        roll_size=30,
        first_roll=9,
        stem="https://tea.example/01/09521234000013/21/",
        inner_key=bytes(32),
    )
    digest = hashlib.sha256(b"".join(bytes(block) for block in lines.blocks(layout)))
    package = Package(number="PH-2026-0001", lines=50, roll_size=30, first_roll=9, facts=FACTS)
    for name in contents.READMES:
        digest.update(readme.text(package, lines.columns(layout), name))
    assert digest.hexdigest() == "b99e7a0938cbfcead2b5e2d29a109e240c1b0c655daa9ef6952a76ed0a40860b"


def test_a_wrong_password_opens_nothing(made: Made) -> None:
    with pytest.raises(RuntimeError, match="Bad password"):
        opened(made.package, "WRONG-WRONG-WRONG")


def test_withdrawn_codes_are_left_out_and_rolls_stay_full(
    actor: Actor, order: CodeOrder, printer: Party
) -> None:
    withdraw_codes(actor=actor, order_number=order.number, positions=[0, 5, 6, 50], reason="test")
    made = make(actor, order, first_roll=7)
    found = opened(made.package, made.password)
    serials = issuing.serials(order, count=100)
    left = [serial for at, serial in enumerate(serials) if at not in {0, 5, 6, 50}]
    assert [row["serial"] for row in found.rows] == left
    assert [int(row["roll"]) for row in found.rows] == [7 + n // 30 for n in range(96)]
    assert [roll["serials"][0] for roll in found.manifest["rolls"]] == left[::30]
    assert [row.count for row in issuing.allotments(order)] == [100]
    place = selectors.places_of_code(order, 51)[0]
    assert (place.package.number, place.roll, place.sequence) == (made.package.number, 8, 48)
    assert selectors.places_of_code(order, 50) == []


def test_lines_come_out_the_same_in_small_batches(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = file_of(made.package)
    monkeypatch.setattr(lines, "_BATCH", 7)
    assert file_of(made.package) == whole


def test_hidden_codes_are_on_the_lines_where_the_product_has_them(
    actor: Actor, order: CodeOrder, product: Product, printer: Party
) -> None:
    with pytest.raises(NoInnerCodes):
        make(actor, order, inner=True)
    update_product(actor=actor, gtin=product.gtin, inner_code="scratch")
    made = make(actor, order, inner=True, links=False)
    found = opened(made.package, made.password)
    order.refresh_from_db()
    fresh = issuing.get_order(actor.organisation_id, order.number)
    assert list(found.rows[0]) == ["roll", "sequence", "serial", "inner"]
    assert [row["inner"] for row in found.rows] == issuing.inner_codes(fresh, 0, 100)


def test_a_package_of_sets_names_cases_and_pallets(
    actor: Actor, order: CodeOrder, printer: Party
) -> None:
    plan = plan_sets(actor=actor, order_number=order.number, per_case=10, per_pallet=4, count=95)
    withdraw_codes(
        actor=actor, order_number=order.number, positions=[*range(10, 20), 94], reason="test"
    )
    made = make(actor, order, set_number=plan.number)
    found = opened(made.package, made.password)
    labels = list(issuing.stream_sets(plan, base=settings.PUBLIC_URL))
    items = [label for label in labels if label.kind == "item"]
    assert [(row["serial"], row["case"], row["pallet"]) for row in found.rows] == [
        (label.text, label.case, label.pallet) for label in items
    ]
    units = [line.split(",") for line in found.texts["units.csv"].splitlines()[1:]]
    assert [(kind, sscc, link) for kind, sscc, link, _, _ in units] == [
        (label.kind, label.text, label.link) for label in labels if label.kind != "item"
    ]
    spans = {sscc: (int(first), int(last)) for _, sscc, _, first, last in units}
    for sscc, (first, last) in spans.items():
        held = [n for n, item in enumerate(items, 1) if sscc in {item.case, item.pallet}]
        assert (first, last) == (held[0], held[-1])


# ---------------------------------------------------------------- making


def test_a_packages_codes_are_claimed(actor: Actor, made: Made, order: CodeOrder) -> None:
    assert issuing.unallotted_ranges(order) == []
    with pytest.raises(AlreadyAllotted) as refusal:
        allot(
            actor=actor,
            order_number=order.number,
            first=0,
            count=1,
            kind="print",
            reference="PJ-1",
        )
    assert refusal.value.data["reference"] == made.package.number
    with pytest.raises(NothingToPackage):
        make(actor, order)


def test_the_same_request_makes_one_package_and_tells_no_password_again(
    actor: Actor, order: CodeOrder, printer: Party
) -> None:
    first = make(actor, order, count=10, request_key="k")
    second = make(actor, order, count=10, request_key="k")
    assert first.password
    assert (second.package.number, second.password) == (first.package.number, "")


def test_the_password_is_kept_nowhere(made: Made, actor: Actor) -> None:
    for model in (Package, AuditEntry):
        for row in model.objects.filter(organisation_id=actor.organisation_id).values():
            assert made.password not in repr(row)


def test_an_agreed_password_opens_packages_made_after_it(
    actor: Actor, order: CodeOrder, printer: Party
) -> None:
    with pytest.raises(PasswordMissing):
        make(actor, order, count=10, agreed_password=True)
    with pytest.raises(PasswordMissing):
        services.tell_password(actor=actor, party_code=printer.code)
    first = services.agree_password(actor=actor, party_code=printer.code)
    made = make(actor, order, count=10, agreed_password=True)
    services.agree_password(actor=actor, party_code=printer.code, password="sixteen letters ok")
    assert made.password == ""
    assert len(opened(made.package, first).rows) == 10
    assert services.tell_password(actor=actor, party_code=printer.code) == "sixteen letters ok"
    assert AuditEntry.objects.filter(action="print_house.tell_password").count() == 1


def test_a_short_password_is_not_agreed(actor: Actor, printer: Party) -> None:
    with pytest.raises(Invalid) as refusal:
        services.agree_password(actor=actor, party_code=printer.code, password="short")
    assert refusal.value.code == "package_password_short"


def test_only_print_houses_get_packages(
    actor: Actor, other_actor: Actor, order: CodeOrder, printer: Party
) -> None:
    create_party(actor=actor, code="SHOP", name_zh="店", kind="shop")
    with pytest.raises(Invalid) as refusal:
        make(actor, order, party_code="SHOP")
    assert refusal.value.code == "party_not_printer"
    with pytest.raises(NotFound):
        make(other_actor, order)
    with pytest.raises(Forbidden):
        make(Actor(actor.organisation, "nobody", frozenset()), order)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"roll_size": 0}, "roll_size_range"),
        ({"roll_size": 1_000_001}, "roll_size_range"),
        ({"first_roll": -1}, "first_roll_range"),
        ({"count": 0}, "item_count_range"),
    ],
)
def test_sizes_outside_their_bounds_are_refused(
    actor: Actor, order: CodeOrder, printer: Party, wrong: dict[str, int], code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        make(actor, order, **wrong)
    assert refusal.value.code == code


def test_too_many_rolls_are_refused(actor: Actor, product: Product, printer: Party) -> None:
    order = order_codes(actor=actor, gtin=product.gtin, count=200_000)
    with pytest.raises(Invalid) as refusal:
        make(actor, order, roll_size=1)
    assert refusal.value.code == "too_many_rolls"


def test_cancelled_sets_are_not_packaged(actor: Actor, order: CodeOrder, printer: Party) -> None:
    plan = plan_sets(actor=actor, order_number=order.number, per_case=10)
    cancel_sets(actor=actor, number=plan.number)
    with pytest.raises(SetCancelled):
        make(actor, order, set_number=plan.number)


def test_a_package_is_summed_up_in_the_background(
    actor: Actor,
    order: CodeOrder,
    printer: Party,
    django_capture_on_commit_callbacks: Captured,
) -> None:
    wanted = Wanted(order_number=order.number, party_code=printer.code, roll_size=30)
    with django_capture_on_commit_callbacks(execute=True):
        made = services.make_package(actor=actor, wanted=wanted)
        assert made.package.state == "preparing"
        with pytest.raises(PackageStateWrong):
            services.take_package(actor=actor, number=made.package.number)
    package = selectors.get_package(actor.organisation_id, made.package.number)
    assert (package.state, len(package.sha256)) == ("prepared", 64)
    services.sum_up(actor.organisation_id, package.number)


def test_packages_are_found_by_what_they_hold(
    actor: Actor, other_actor: Actor, made: Made, order: CodeOrder
) -> None:
    for text in (made.package.number, order.number, "西湖", "Longjing", order.product.gtin):
        assert [row.number for row in selectors.packages(actor.organisation_id, text=text)] == [
            made.package.number
        ]
    assert not selectors.packages(actor.organisation_id, text="nothing\0").exists()
    assert not selectors.packages(actor.organisation_id, state="sent").exists()
    assert selectors.packages(actor.organisation_id, party="PRINT-1").exists()
    for number in (made.package.number, "PH-1", "\0"):
        with pytest.raises(NotFound):
            selectors.get_package(other_actor.organisation_id, number)


# ---------------------------------------------------------------- states


def test_a_package_is_taken_then_sent(actor: Actor, made: Made) -> None:
    package, pieces = services.take_package(actor=actor, number=made.package.number)
    assert sum(len(piece) for piece in pieces) == made.package.bytes
    assert package.taken_at is not None
    sent = services.mark_sent(actor=actor, number=package.number)
    assert (sent.state, sent.sent_by) == ("sent", "system")
    assert services.mark_sent(actor=actor, number=package.number).sent_at == sent.sent_at
    assert AuditEntry.objects.filter(action="package.download").count() == 1


def test_a_cancelled_package_that_nobody_took_gives_its_codes_back(
    actor: Actor, made: Made, order: CodeOrder
) -> None:
    services.cancel_package(actor=actor, number=made.package.number, why="wrong roll size")
    assert issuing.unallotted_ranges(order) == [(0, 100)]
    again = services.cancel_package(actor=actor, number=made.package.number, why="again")
    assert again.closed_why == "wrong roll size"
    with pytest.raises(PackageStateWrong):
        services.take_package(actor=actor, number=made.package.number)


def test_cancelling_a_package_that_was_taken_withdraws_its_codes(
    actor: Actor, sent: Package, order: CodeOrder
) -> None:
    services.cancel_package(actor=actor, number=sent.number, why="never printed")
    order.refresh_from_db()
    assert (order.withdrawn_count, order.status) == (100, "withdrawn")
    assert issuing.unallotted_ranges(order) == []


def test_a_package_with_active_codes_is_not_cancelled_once_taken(
    actor: Actor, sent: Package, order: CodeOrder, line: Location
) -> None:
    _commission(actor, order, line, first=4, count=1)
    with pytest.raises(AlreadyActive):
        services.cancel_package(actor=actor, number=sent.number, why="never printed")
    order.refresh_from_db()
    assert order.withdrawn_count == 0


def test_a_lost_roll_is_withdrawn(actor: Actor, sent: Package, order: CodeOrder) -> None:
    assert services.withdraw_roll(actor=actor, number=sent.number, roll=2, reason="lost") == 30
    package = selectors.get_package(actor.organisation_id, sent.number)
    assert (package.spoiled_count, package.missing_count) == (30, 70)
    assert [roll.spoiled for roll in selectors.rolls(package)] == [0, 30, 0, 0]
    found = issuing.withdrawal_at(order, 30)
    assert found is not None
    assert (found.reason, found.reference) == ("lost", sent.number)
    assert issuing.withdrawal_at(order, 60) is None
    with pytest.raises(NotFound):
        services.withdraw_roll(actor=actor, number=sent.number, roll=5, reason="lost")


def test_closing_without_a_list_withdraws_what_is_missing_but_not_what_is_active(
    actor: Actor, sent: Package, order: CodeOrder, line: Location
) -> None:
    _commission(actor, order, line, first=0, count=90)
    closed = services.close_package(
        actor=actor, number=sent.number, withdraw_missing="not returned"
    )
    order.refresh_from_db()
    assert (closed.state, order.withdrawn_count) == ("reconciled", 10)
    assert services.close_package(actor=actor, number=sent.number).state == "reconciled"


def test_a_package_that_was_not_sent_is_not_closed(actor: Actor, made: Made) -> None:
    with pytest.raises(PackageStateWrong) as refusal:
        services.close_package(actor=actor, number=made.package.number)
    assert refusal.value.data["state"] == "prepared"


def test_acts_need_their_rights(actor: Actor, made: Made) -> None:
    nobody = Actor(actor.organisation, "nobody", frozenset())
    number = made.package.number
    acts: list[Callable[[], Any]] = [
        lambda: services.take_package(actor=nobody, number=number),
        lambda: services.mark_sent(actor=nobody, number=number),
        lambda: services.cancel_package(actor=nobody, number=number, why="x"),
        lambda: services.close_package(actor=nobody, number=number),
        lambda: services.withdraw_roll(actor=nobody, number=number, roll=1, reason="x"),
        lambda: services.agree_password(actor=nobody, party_code="PRINT-1"),
        lambda: services.tell_password(actor=nobody, party_code="PRINT-1"),
        lambda: services.preview_return(actor=nobody, number=number, file_name="", body=b""),
        lambda: services.apply_return(actor=nobody, number=number, ordinal=1, reason="x"),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()


def test_a_product_of_another_gtin_has_other_links(actor: Actor, printer: Party) -> None:
    create_product(actor=actor, gtin="09521234000099", name_zh="二号", granularity="item")
    order = order_codes(actor=actor, gtin="09521234000099", count=5)
    made = make(actor, order)
    row = opened(made.package, made.password).rows[0]
    assert "/01/09521234000099/21/" in row["link"]


def _commission(actor: Actor, order: CodeOrder, line: Location, *, first: int, count: int) -> None:
    commission(
        actor=actor,
        order_number=order.number,
        lot_code="",
        time=MADE,
        location_code=line.code,
        first=first,
        count=count,
    )
