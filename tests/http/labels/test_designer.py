"""The designer's page: by plain forms, by the script's JSON, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from suyuan.core.labels.design import CodeElement, Roll, Sheet, TextElement
from suyuan.labels import selectors, services
from suyuan.labels.models import LabelTemplate, LabelTemplateVersion
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Role
from tests.conftest import MakeClient
from tests.labels_world import DESIGN, ROLL, SHEET, logo_file, wider, with_elements

PAGE = "/app/mingqian/labels/LB-0001/"


@pytest.fixture
def planner(client_as: MakeClient, template: LabelTemplateVersion) -> Client:
    return client_as(Role.PLANNER)


def rows_of(page: Any) -> dict[str, Any]:
    """Return what the plain form on a page would send."""
    draft = page.context["draft"]
    forms = [draft.head, draft.paper, *draft.rows]
    values = {form[name].html_name: form[name].value() for form in forms for name in form.fields}
    kinds = {f"e{at}-kind": row.KIND for at, row in enumerate(draft.rows)}
    sent = {**values, **kinds, "rows": len(draft.rows), "base": draft.base}
    return {name: value for name, value in sent.items() if value not in {None, "", False}}


def sent(**changed: Any) -> dict[str, Any]:
    """Return what the script sends."""
    values = {"base": 1, "name": "瓶标", "design": DESIGN, "sheet": SHEET, **changed}
    return {
        name: json.dumps(value) if isinstance(value, dict) else value
        for name, value in values.items()
    }


def newest(organisation: Organisation) -> LabelTemplateVersion:
    return selectors.get_template(organisation.pk, "LB-0001")


def test_the_plain_form_sent_back_as_it_is_changes_nothing(
    planner: Client, organisation: Organisation
) -> None:
    answer = planner.post(PAGE, rows_of(planner.get(PAGE)))
    assert answer.status_code == 302
    assert newest(organisation).version == 1


def test_the_plain_form_saves_a_new_version(planner: Client, organisation: Organisation) -> None:
    values = rows_of(planner.get(PAGE))
    values |= {"e1-text": "批次 {lot}", "e1-bold": "on", "width_mm": "40", "note": "粗体"}
    assert planner.post(PAGE, values).status_code == 302
    row = newest(organisation)
    text = row.design.elements[1]
    assert isinstance(text, TextElement)
    assert (row.version, row.note, row.design.width_mm) == (2, "粗体", 40)
    assert (text.text, text.bold) == ("批次 {lot}", True)


@pytest.mark.parametrize(
    ("act", "kinds"),
    [
        ("add:box", ["code", "text", "box"]),
        ("add:nonsense", ["code", "text"]),
        ("remove:0", ["text"]),
        ("remove:7", ["code", "text"]),
        ("remove:x", ["text"]),
        ("up:1", ["text", "code"]),
        ("down:0", ["text", "code"]),
        ("down:1", ["code", "text"]),
        ("preview", ["code", "text"]),
        ("nonsense", ["code", "text"]),
    ],
)
def test_the_rows_follow_the_buttons_and_nothing_is_saved(
    planner: Client, organisation: Organisation, act: str, kinds: list[str]
) -> None:
    page = planner.post(PAGE, {**rows_of(planner.get(PAGE)), "act": act})
    assert page.status_code == 200
    shown = [row.KIND for row in page.context["draft"].rows]
    assert shown == (["text"] if act == "remove:x" else kinds)
    assert newest(organisation).version == 1


def test_the_sheet_is_filled_by_the_server(planner: Client) -> None:
    values = {**rows_of(planner.get(PAGE)), "act": "fill", "paper-gap_x_mm": "2"}
    page = planner.post(PAGE, values)
    paper = page.context["draft"].paper.data
    assert (paper["paper-columns"], paper["paper-rows"]) == (5, 14)
    assert paper["paper-margin_left_mm"] == 6


def test_a_field_that_is_wrong_is_marked_and_everything_is_kept(
    planner: Client, organisation: Organisation
) -> None:
    values = {**rows_of(planner.get(PAGE)), "e1-x": "30", "e1-text": "kept", "name": ""}
    page = planner.post(PAGE, values)
    assert page.status_code == 422
    assert "kept" in page.text
    values["name"] = "瓶标"
    page = planner.post(PAGE, values)
    assert page.status_code == 422
    assert page.context["draft"].rows[1].errors["x"]
    assert newest(organisation).version == 1


def test_the_script_saves_by_json(planner: Client, organisation: Organisation) -> None:
    answer = planner.post(PAGE, sent(design=wider(50), sheet=ROLL, note="宽"))
    assert answer.status_code == 302
    row = newest(organisation)
    assert (row.version, row.design.width_mm, row.sheet) == (2, 50, Roll())


@pytest.mark.parametrize(
    "design",
    [
        "null",
        "[]",
        "{",
        "[" * 5_000,
        '{"width_mm": 38, "height_mm": 21, "elements": [{"kind": "script"}]}',
        json.dumps(with_elements(*[{"kind": "line", "x": 0, "y": 0, "length_mm": 1}] * 3_000)),
        json.dumps({**DESIGN, "width_mm": "<script>alert(1)</script>"}),
        "x" * 300_000,
    ],
)
def test_hostile_json_is_refused_and_the_saved_label_is_shown(
    planner: Client, organisation: Organisation, design: str
) -> None:
    page = planner.post(PAGE, sent(design=design))
    assert page.status_code == 422
    assert page.context["draft"].faults
    assert len(page.context["draft"].rows) == 2
    assert "<script>alert" not in page.text
    assert newest(organisation).version == 1


def test_a_stale_save_shows_both_and_loses_neither(
    planner: Client, actor: Actor, organisation: Organisation
) -> None:
    services.save_template(
        actor=actor, number="LB-0001", base=1, name="瓶标", design=wider(40), sheet=SHEET
    )
    page = planner.post(PAGE, sent(design=wider(60), note="mine"))
    assert page.status_code == 409
    assert 'viewBox="0 0 40 21"' in page.text
    assert 'viewBox="0 0 60 21"' in page.text
    assert newest(organisation).design.width_mm == 40

    mine = {"design": page.context["design_json"], "sheet": page.context["sheet_json"]}
    again = planner.post(PAGE, {**sent(base=2, note="mine"), **mine})
    assert again.status_code == 302
    assert (newest(organisation).version, newest(organisation).design.width_mm) == (3, 60)


def test_a_stale_label_can_become_one_of_its_own(
    planner: Client, actor: Actor, organisation: Organisation
) -> None:
    services.save_template(
        actor=actor, number="LB-0001", base=1, name="瓶标", design=wider(40), sheet=SHEET
    )
    answer = planner.post(PAGE, sent(design=wider(60), act="save_copy"))
    assert answer["Location"] == "/app/mingqian/labels/LB-0002/"
    assert newest(organisation).version == 2
    assert selectors.get_template(organisation.pk, "LB-0002").design.width_mm == 60


def test_a_label_that_is_put_away_cannot_be_saved(
    planner: Client, actor: Actor, organisation: Organisation
) -> None:
    services.archive_template(actor=actor, number="LB-0001")
    assert planner.get(PAGE).status_code == 200
    assert planner.post(PAGE, sent(design=wider(60))).status_code == 409
    assert newest(organisation).version == 1


def test_another_organisations_logo_cannot_be_put_on_a_label(
    planner: Client, other_actor: Actor, organisation: Organisation
) -> None:
    theirs = services.add_logo(actor=other_actor, name="x", content=logo_file()).digest
    picture = {"kind": "picture", "x": 1, "y": 1, "width_mm": 9, "height_mm": 9, "picture": theirs}
    page = planner.post(PAGE, sent(design=with_elements(picture)))
    assert page.status_code == 422
    assert page.context["draft"].rows[0].errors["picture"]
    assert newest(organisation).version == 1


def test_what_a_label_says_is_shown_as_text(planner: Client, actor: Actor) -> None:
    text = {"kind": "text", "x": 1, "y": 1, "width_mm": 30, "text": "</script><script>alert(1)"}
    services.save_template(
        actor=actor,
        number="LB-0001",
        base=1,
        name="<script>alert(2)</script>",
        design=with_elements(text),
        sheet=SHEET,
    )
    for address in (PAGE, f"{PAGE}history/", "/app/mingqian/labels/"):
        assert "<script>alert" not in planner.get(address).text
    assert "<script>alert" not in planner.get(f"{PAGE}2.svg").text


def test_no_page_has_a_style_attribute_or_an_inline_script(planner: Client) -> None:
    for address in (PAGE, "/app/mingqian/labels/new/", f"{PAGE}history/"):
        text = planner.get(address).text
        assert " style=" not in text
        assert "onclick" not in text


def test_each_start_begins_a_label(planner: Client, organisation: Organisation) -> None:
    answer = planner.post("/app/mingqian/labels/new/", {"start": "sheet", "language": "en"})
    assert answer["Location"] == "/app/mingqian/labels/LB-0002/"
    row = selectors.get_template(organisation.pk, "LB-0002")
    assert isinstance(row.sheet, Sheet)
    assert isinstance(row.design.elements[0], CodeElement)
    assert planner.get(answer["Location"]).status_code == 200


def test_a_start_that_does_not_exist_begins_nothing(planner: Client) -> None:
    for wrong in ({"start": "x", "language": "en"}, {"start": "case", "language": "fr"}, {}):
        assert planner.post("/app/mingqian/labels/new/", wrong).status_code == 422
    assert planner.get("/app/mingqian/labels/starts/x.zh.svg").status_code == 404
    assert LabelTemplate.objects.count() == 1


def test_history_leads_back_to_an_old_version(
    planner: Client, actor: Actor, organisation: Organisation
) -> None:
    planner.post(PAGE, sent(design=wider(60)))
    assert planner.post(f"{PAGE}1/restore", {"base": 1}).status_code == 409, "2 is the newest"
    assert planner.post(f"{PAGE}1/restore", {"base": 2}).status_code == 302
    page = planner.get(f"{PAGE}history/")
    assert [row.version for row in page.context["page"]] == [3, 2, 1]
    assert newest(organisation).design.width_mm == 38


def test_a_copy_can_be_made_of_an_old_version(planner: Client, organisation: Organisation) -> None:
    planner.post(PAGE, sent(design=wider(60)))
    assert planner.post(f"{PAGE}duplicate", {"version": 1}).status_code == 302
    copy = selectors.get_template(organisation.pk, "LB-0002")
    assert (copy.design.width_mm, copy.template.name) == (38, "瓶标（副本）")


def test_putting_away_and_taking_out_again(planner: Client) -> None:
    def listed(query: str = "") -> list[str]:
        page = planner.get(f"/app/mingqian/labels/{query}").context["page"]
        return [row.number for row in page]

    assert planner.post(f"{PAGE}archive").status_code == 302
    assert (listed(), listed("?archived=on")) == ([], ["LB-0001"])
    assert planner.post(f"{PAGE}reopen").status_code == 302
    assert listed() == ["LB-0001"]


def test_the_empty_list_says_what_to_do(client_as: MakeClient) -> None:
    page = client_as(Role.PLANNER).get("/app/mingqian/labels/")
    assert "/app/mingqian/labels/new/" in page.text
