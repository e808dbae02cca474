"""The pages of packages and of sets."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder, SetPlan
from suyuan.issuing.services import plan_sets, withdraw_codes
from suyuan.kernel import spreadsheets
from suyuan.masterdata.models import Location, Party
from suyuan.masterdata.services import create_party
from suyuan.printhouse import selectors, services
from suyuan.printhouse.models import Package
from suyuan.printhouse.values import Made
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from suyuan.tenancy.rights import Role
from tests.conftest import MakeClient
from tests.printhouse_world import table

APP = "/app/mingqian"


@pytest.fixture
def owner(client_as: MakeClient) -> Client:
    """Return a browser of an owner, reading English."""
    client = client_as(Role.OWNER)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def plan(actor: Actor, order: CodeOrder) -> SetPlan:
    """Return sets of 1:10:4 of the order's first 95 codes."""
    return plan_sets(actor=actor, order_number=order.number, per_case=10, per_pallet=4, count=95)


def _text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(f"{APP}/{path}")
    assert answer.status_code == status
    return answer.content.decode()


def _post(client: Client, path: str, **data: object) -> tuple[int, str]:
    answer = client.post(f"{APP}/{path}", data, follow=True)
    return answer.status_code, answer.content.decode()


def _package_form(order: CodeOrder, **more: object) -> dict[str, object]:
    return {
        "source": order.number,
        "party_code": "PRINT-1",
        "roll_size": 30,
        "first_roll": 1,
        "links": "on",
        "password": "once",
        **more,
    }


# ---------------------------------------------------------------- packages


def test_empty_pages_say_what_to_do_next(owner: Client, order: CodeOrder) -> None:
    assert "New package" in _text(owner, "packages/")
    assert "No print house is known" in _text(owner, "packages/new/")
    assert "No print house is known" in _text(owner, "packages/print-houses/")
    assert "Plan sets" in _text(owner, "codes/sets/")


def test_without_codes_there_is_nothing_to_package(owner: Client, actor: Actor) -> None:
    create_party(actor=actor, code="PRINT-1", name_zh="印刷厂", kind="printer")
    assert "No codes have been ordered yet" in _text(owner, "packages/new/")
    assert "No code order has codes waiting" in _text(owner, "codes/sets/new/")


def test_a_new_packages_password_is_in_the_answer_and_nowhere_else(
    owner: Client, order: CodeOrder, printer: Party
) -> None:
    answer = owner.post(f"{APP}/packages/new/", _package_form(order))
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")
    package = Package.objects.get()
    password = answer.context["made"].password
    assert password in answer.content.decode()
    services.sum_up(package.organisation_id, package.number)
    assert password not in _text(owner, f"packages/{package.number}/")


def test_a_package_under_the_agreed_password_leads_to_its_page(
    owner: Client, actor: Actor, order: CodeOrder, printer: Party
) -> None:
    status, text = _post(owner, "packages/new/", **_package_form(order, password="agreed"))
    assert status == 422
    assert "No password is agreed" in text
    services.agree_password(actor=actor, party_code="PRINT-1")
    status, text = _post(owner, "packages/new/", **_package_form(order, password="agreed"))
    assert status == 200
    assert "the password agreed" in text or "Being prepared" in text


def test_what_a_package_refuses_is_said_at_its_field(
    owner: Client, order: CodeOrder, printer: Party
) -> None:
    status, text = _post(owner, "packages/new/", **_package_form(order, inner="on"))
    assert status == 422
    assert "have no hidden code" in text
    status, _ = _post(owner, "packages/new/", **_package_form(order, roll_size=""))
    assert status == 422


def test_a_package_of_sets_is_made_from_their_page(
    owner: Client, order: CodeOrder, printer: Party, plan: SetPlan
) -> None:
    assert f"set={plan.number}" in _text(owner, f"codes/sets/{plan.number}/")
    assert "selected" in _text(owner, f"packages/new/?set={plan.number}")
    answer = owner.post(f"{APP}/packages/new/", _package_form(order, source=f"set:{plan.number}"))
    assert answer.status_code == 201
    package = Package.objects.get()
    assert (package.lines, package.set_plan_id) == (95, plan.id)
    text = _text(owner, f"packages/{package.number}/")
    assert plan.number in text
    assert "case and pallet" in text


def test_packages_are_filtered(owner: Client, made: Made) -> None:
    number = made.package.number
    assert number in _text(owner, "packages/?state=prepared")
    assert "No package matches" in _text(owner, "packages/?state=sent")
    assert number in _text(owner, "packages/?q=西湖")
    assert number in _text(owner, "packages/?state=nonsense")


def test_a_package_is_downloaded_whole(owner: Client, made: Made) -> None:
    path = f"{APP}/packages/{made.package.number}/file"
    head = owner.head(path)
    assert head["Content-Length"] == str(made.package.bytes)
    assert not AuditEntry.objects.filter(action="package.download").exists()
    answer = owner.get(path)
    data = b"".join(answer)
    assert len(data) == made.package.bytes == int(answer["Content-Length"])
    assert data.startswith(b"PK\x03\x04")


def test_a_package_that_is_prepared_stops_asking(
    owner: Client, actor: Actor, order: CodeOrder, printer: Party
) -> None:
    owner.post(f"{APP}/packages/new/", _package_form(order))
    number = Package.objects.get().number
    waiting = owner.get(f"{APP}/packages/{number}/state")
    assert b"hx-trigger" in waiting.content
    assert "HX-Refresh" not in waiting
    assert owner.post(f"{APP}/packages/{number}/sum-up").status_code == 302
    services.sum_up(actor.organisation_id, number)
    done = owner.get(f"{APP}/packages/{number}/state")
    assert done["HX-Refresh"] == "true"
    assert b"hx-trigger" not in done.content


def test_a_package_is_sent_and_a_roll_withdrawn(
    owner: Client, made: Made, order: CodeOrder
) -> None:
    number = made.package.number
    _, text = _post(owner, f"packages/{number}/send")
    assert "with the print house" in text
    _, text = _post(owner, f"packages/{number}/rolls/2/withdraw")
    assert "Say what happened" in text
    _, text = _post(owner, f"packages/{number}/rolls/2/withdraw", reason="lost")
    assert "30 codes are withdrawn" in text
    _, text = _post(owner, f"packages/{number}/rolls/2/withdraw", reason="lost")
    assert "30 codes" not in text


def test_a_package_is_cancelled_with_a_reason(owner: Client, made: Made) -> None:
    number = made.package.number
    _, text = _post(owner, f"packages/{number}/cancel")
    assert "Say why" in text
    _, text = _post(owner, f"packages/{number}/cancel", reason="wrong rolls")
    assert "wrong rolls" in text
    _, text = _post(owner, f"packages/{number}/close")
    assert "not at the point" in text


def test_cancelling_what_came_back_is_refused(owner: Client, actor: Actor, sent: Package) -> None:
    _return(owner, sent, "roll,used,spoiled", "1,30,0")
    _post(owner, f"packages/{sent.number}/returns/1/apply")
    _, text = _post(owner, f"packages/{sent.number}/cancel", reason="late")
    assert "not at the point" in text


# ---------------------------------------------------------------- lists that come back


def _return(client: Client, package: Package, *rows: str, **more: object) -> tuple[int, str]:
    file = SimpleUploadedFile("back.csv", table(*rows))
    return _post(client, f"packages/{package.number}/returns/", file=file, **more)


def test_a_list_is_read_then_applied(
    owner: Client, sent: Package, order: CodeOrder, actor: Actor
) -> None:
    serials = issuing.serials(order, count=3)
    status, text = _return(
        owner,
        sent,
        "code,status",
        f"{serials[0]},used",
        f"{serials[1]},spoiled",
        f"{serials[1]},spoiled",
    )
    assert status == 200
    assert "Line 3 says so already" in text
    assert "nothing has changed yet" in text
    _, text = _post(owner, f"packages/{sent.number}/returns/1/apply")
    assert "The list is applied" in text
    assert "List returned" in text
    found = issuing.withdrawal_at(order, 1)
    assert found is not None
    assert found.reason == "Spoiled at the print house"
    assert "Applied at" in _text(owner, f"packages/{sent.number}/returns/1/")
    _, text = _post(owner, f"packages/{sent.number}/close", withdraw_missing="on")
    assert "is reconciled" in text
    order.refresh_from_db()
    assert order.withdrawn_count == 99


def test_the_report_names_every_code_and_every_fault(
    owner: Client, sent: Package, order: CodeOrder
) -> None:
    serials = issuing.serials(order, count=40)
    _return(owner, sent, "code,roll,status", f"{serials[35]},,spoiled", ",1,used", "x,,used")
    path = f"{APP}/packages/{sent.number}/returns/1/report.csv"
    assert owner.head(path).status_code == 200
    text = b"".join(owner.get(path)).decode("utf-8-sig")
    lines = text.splitlines()
    assert f",2,36,{serials[35]},spoiled" in lines
    assert f",1,1,{serials[0]},used" in lines
    assert "4,,,x,No order has issued this code." in lines
    assert len(lines) == 1 + 4 + 1 + 31


def test_a_list_with_nothing_to_apply_has_no_button(owner: Client, sent: Package) -> None:
    _, text = _return(owner, sent, "code,status", "00000000000000,used")
    assert "Nothing of this list can be applied" in text
    assert "apply-return" not in text
    _, text = _post(owner, f"packages/{sent.number}/returns/1/apply")
    assert "says nothing of the codes" in text


def test_a_list_of_rolls_that_are_only_counted_says_so(owner: Client, sent: Package) -> None:
    _, text = _return(owner, sent, "roll,used,spoiled", "1,20,5")
    assert "20 used and 5 spoiled codes are not named" in text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"PK broken", "XLSX file is damaged"),
        (b"a,b\r\n1,2", "row 1: No heading names codes"),
        (b"", "empty"),
    ],
)
def test_a_broken_file_is_refused_with_its_reason(
    owner: Client, sent: Package, body: bytes, said: str
) -> None:
    file = SimpleUploadedFile("back.xlsx", body)
    status, text = _post(owner, f"packages/{sent.number}/returns/", file=file)
    assert status == 422
    assert said in text


def test_a_file_that_is_too_large_is_refused(
    owner: Client, sent: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    from suyuan.web.printhouse import returns  # noqa: PLC0415

    assert spreadsheets.MOST_BYTES > 10
    monkeypatch.setattr(returns, "MOST_BYTES", 10)
    status, text = _return(owner, sent, "code,status", "00000000000000,used")
    assert status == 422
    assert "larger than" in text


def test_a_default_for_lines_without_a_status_is_taken(
    owner: Client, sent: Package, order: CodeOrder, actor: Actor
) -> None:
    _return(owner, sent, "code", issuing.serials(order)[0], default="used")
    assert selectors.get_return(sent, 1).used_count == 1


def test_findings_without_a_line_are_said_without_one(
    owner: Client, actor: Actor, sent: Package, order: CodeOrder
) -> None:
    withdraw_codes(actor=actor, order_number=order.number, positions=[0], reason="x")
    _, text = _return(owner, sent, "from,to,status", "1,1,used", "1,1,spoiled", "1,1,used")
    assert "Contradictory lines" in text


# ---------------------------------------------------------------- passwords


def test_a_password_is_agreed_shown_and_told_again(owner: Client, printer: Party) -> None:
    status, text = _post(owner, "packages/print-houses/PRINT-1/agree", password="short")
    assert status == 422
    assert "at least 16" in text
    status, text = _post(
        owner, "packages/print-houses/PRINT-1/agree", password="sixteen letters ok"
    )
    assert status == 200
    assert "sixteen letters ok" in text
    assert "sixteen letters ok" not in _text(owner, "packages/print-houses/")
    _, text = _post(owner, "packages/print-houses/PRINT-1/tell")
    assert "sixteen letters ok" in text


# ---------------------------------------------------------------- sets


def test_sets_are_planned_from_an_order(owner: Client, order: CodeOrder) -> None:
    assert "selected" in _text(owner, f"codes/sets/new/?order={order.number}")
    form = {"order_number": order.number, "per_case": 24, "per_pallet": 2, "request_key": "k"}
    status, text = _post(owner, "codes/sets/new/", **form)
    assert status == 200
    assert "1:24:2" in text
    _post(owner, "codes/sets/new/", **form)
    assert SetPlan.objects.count() == 1
    status, text = _post(owner, "codes/sets/new/", **form | {"request_key": "l"})
    assert status == 422
    assert "are not free" in text
    assert order.number in _text(owner, "codes/sets/")
    assert "No sets match" in _text(owner, "codes/sets/?q=nothing")


def test_a_case_is_activated_from_its_page(
    owner: Client, plan: SetPlan, line: Location, order: CodeOrder
) -> None:
    case = issuing.set_units(plan, kind="case")[1]
    path = f"codes/units/{case.sscc}/"
    assert issuing.serials(order, first=10)[0] in _text(owner, path)
    form = {"lot_code": "L260301", "location_code": line.code, "time": "2026-03-01T10:00"}
    status, _ = _post(owner, f"{path}activate", **form | {"location_code": ""})
    assert status == 422
    _, text = _post(owner, f"{path}activate", **form)
    assert "Active: 10 items in 1 cases" in text
    assert "Activate the case" not in text
    _, text = _post(owner, f"{path}activate", **form)
    assert "was active already" in text


def test_a_pallet_shows_its_cases_and_is_activated(
    owner: Client, plan: SetPlan, line: Location, actor: Actor, order: CodeOrder
) -> None:
    withdraw_codes(actor=actor, order_number=order.number, positions=[3], reason="x")
    pallet = issuing.set_units(plan, kind="pallet")[0]
    path = f"codes/units/{pallet.sscc}/"
    assert "Codes withdrawn" in _text(owner, path)
    form = {"lot_code": "L260301", "location_code": line.code, "time": "2026-03-01T10:00"}
    _, text = _post(owner, f"{path}activate", **form)
    assert "Active: 39 items in 4 cases on 1 pallets" in text


def test_all_sets_are_activated_from_their_page(
    owner: Client, plan: SetPlan, line: Location
) -> None:
    form = {"lot_code": "L260301", "location_code": line.code, "time": "2026-03-01T10:00"}
    status, _ = _post(owner, f"codes/sets/{plan.number}/activate", **form | {"time": "x"})
    assert status == 422
    _, text = _post(owner, f"codes/sets/{plan.number}/activate", **form)
    assert "Active: 95 items in 10 cases on 3 pallets" in text
    _, text = _post(owner, f"codes/sets/{plan.number}/cancel")
    assert "they stay" in text


def test_many_sets_are_activated_in_the_background(
    owner: Client,
    plan: SetPlan,
    line: Location,
    actor: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from suyuan.issuing.services import set_activation  # noqa: PLC0415
    from suyuan.web.issuing import sets  # noqa: PLC0415

    monkeypatch.setattr(sets, "SLICE_ITEMS", 50)
    form = {"lot_code": "L260301", "location_code": line.code, "time": "2026-03-01T10:00"}
    _, text = _post(owner, f"codes/sets/{plan.number}/activate", **form)
    assert "are being activated" in text
    waiting = owner.get(f"{APP}/codes/sets/{plan.number}/progress")
    assert b"hx-trigger" in waiting.content
    SetPlan.objects.update(
        filling={**_filling(plan), "fault": "set_cancelled", "data": {"number": "S"}}
    )
    assert "Sets S were cancelled" in _text(owner, f"codes/sets/{plan.number}/")
    SetPlan.objects.update(filling=_filling(plan))
    set_activation.go_on(actor.organisation_id, plan.number)
    done = owner.get(f"{APP}/codes/sets/{plan.number}/progress")
    assert done["HX-Refresh"] == "true"


def _filling(plan: SetPlan) -> dict[str, str]:
    found = SetPlan.objects.get(pk=plan.pk).filling or {}
    return {name: found[name] for name in ("lot", "location", "time", "by")}


def test_sets_are_cancelled(owner: Client, plan: SetPlan) -> None:
    _, text = _post(owner, f"codes/sets/{plan.number}/cancel")
    assert "are free again" in text
    assert "Cancelled" in _text(owner, "codes/sets/")


def test_labels_of_sets_are_downloaded_in_order(owner: Client, plan: SetPlan) -> None:
    path = f"{APP}/codes/sets/{plan.number}/labels.csv"
    assert owner.head(path).status_code == 200
    lines = b"".join(owner.get(path)).decode().splitlines()
    assert lines[0] == "kind,code,link,case,pallet"
    assert [line.split(",")[0] for line in lines[1:4]] == ["pallet", "case", "item"]
    assert len(lines) == 1 + 3 + 10 + 95


def test_the_search_box_leads_to_a_case_that_is_not_active(
    owner: Client, plan: SetPlan, line: Location
) -> None:
    case = issuing.set_units(plan, kind="case")[0].sscc
    for text in (case, f"(00){case}", f"https://id.gs1.org/00/{case}"):
        answer = owner.get(f"{APP}/search/", {"q": text})
        assert answer["Location"].endswith(f"/codes/units/{case}/")
    assert owner.get(f"{APP}/search/", {"q": plan.number})["Location"].endswith(
        f"/codes/sets/{plan.number}/"
    )
    form = {"lot_code": "L260301", "location_code": line.code, "time": "2026-03-01T10:00"}
    _post(owner, f"codes/units/{case}/activate", **form)
    assert owner.get(f"{APP}/search/", {"q": case})["Location"].endswith(f"/units/{case}/")
    assert "codes" not in owner.get(f"{APP}/search/", {"q": case})["Location"]


def test_the_search_box_leads_to_a_package(owner: Client, made: Made) -> None:
    answer = owner.get(f"{APP}/search/", {"q": made.package.number})
    assert answer["Location"].endswith(f"/packages/{made.package.number}/")


# ---------------------------------------------------------------- the order and the item


def test_an_orders_page_shows_its_labels_and_withdraws_codes(
    owner: Client, made: Made, order: CodeOrder
) -> None:
    path = f"codes/orders/{order.number}/"
    assert made.package.number in _text(owner, path)
    form = {"first": 1, "count": 3, "reason": "smeared"}
    _, text = _post(owner, f"{path}withdraw", **form)
    assert "3 codes are withdrawn" in text
    assert "smeared" in text
    status, text = _post(owner, f"{path}withdraw", **form | {"count": 2})
    assert status == 422
    assert "withdrawn before" in text
    status, text = _post(owner, f"{path}withdraw", first=99, count=3, reason="x")
    assert status == 422
    assert "has 100 codes" in text
    status, _ = _post(owner, f"{path}withdraw", first=1)
    assert status == 422


def test_an_items_page_tells_its_roll_and_that_it_is_withdrawn(
    owner: Client, actor: Actor, made: Made, order: CodeOrder
) -> None:
    serial = issuing.serials(order, first=35)[0]
    path = f"items/{order.product.gtin}/{serial}/"
    text = _text(owner, path)
    assert made.package.number in text
    assert "roll 2, no. 36" in text
    withdraw_codes(
        actor=actor,
        order_number=order.number,
        positions=[35],
        reason="smeared",
        reference=made.package.number,
    )
    text = _text(owner, path)
    assert "Withdrawn code" in text
    assert "smeared" in text


def test_a_return_without_a_file_is_refused(owner: Client, sent: Package) -> None:
    status, _ = _post(owner, f"packages/{sent.number}/returns/")
    assert status == 422
