"""The designer in a browser: by mouse, by keys, by touch, without a script."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from suyuan.core.labels.design import CodeElement, PictureElement, TextElement
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.labels import selectors, services
from suyuan.labels.models import LabelTemplateVersion
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations
from tests.labels_world import logo_file

LABELS = "/app/mingqian/labels/"
ONE = f"{LABELS}LB-0001/"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def design(open_page: OpenPage, template: LabelTemplateVersion) -> Page:
    """Return the designer, awake, with its first preview drawn."""
    page = open_page(ONE, role=Role.PLANNER)
    awake(page)
    return page


def awake(page: Page) -> None:
    page.locator("[data-designer] .sy-lb-canvas [data-element]").first.wait_for()


def at(page: Page, index: int) -> tuple[float, float]:
    """Return where an element's box lies on the screen: its middle."""
    box = page.locator(f'[data-index="{index}"] .sy-lb-frame').bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def value(page: Page, kind: str, name: str) -> float:
    return float(page.input_value(f"#id_panel-{kind}-{name}"))


def scale(page: Page) -> float:
    """Return how many pixels a millimetre has."""
    box = page.locator("[data-canvas]").bounding_box()
    assert box
    return box["width"] / 38


def save(page: Page) -> None:
    page.locator("[data-save]").click()
    page.locator(".sy-flash").wait_for()


def newest(organisation: Organisation) -> LabelTemplateVersion:
    return selectors.get_template(organisation.pk, "LB-0001")


def test_the_code_on_the_stage_is_the_orders_own(design: Page, order: CodeOrder) -> None:
    design.reload()
    awake(design)
    for _ in range(2):
        design.locator('[data-do="zoom-in"]').click()
    shot = Image.open(io.BytesIO(design.locator("[data-view]").screenshot())).convert("L")
    texts = [code.text for code in zxingcpp.read_barcodes(np.asarray(shot))]
    assert [text.rpartition("/")[2] for text in texts] == issuing.serials(order)


def test_an_element_is_dragged_saved_and_found_there(
    design: Page, organisation: Organisation
) -> None:
    x, y = at(design, 5)
    design.mouse.move(x, y)
    design.mouse.down()
    design.mouse.move(x - 3 * scale(design), y + 1 * scale(design), steps=6)
    design.mouse.up()
    assert value(design, "text", "x") == pytest.approx(17, abs=0.6)
    expect(design.locator("[data-saved]")).to_have_class("sy-lb-saved is-open")
    save(design)
    row = newest(organisation)
    assert row.version == 2
    assert row.design.elements[5].x == pytest.approx(17, abs=0.6)
    assert (
        row.design.elements[:5]
        == selectors.get_template(organisation.pk, "LB-0001", 1).design.elements[:5]
    )


def test_a_code_is_pulled_at_its_corner_and_stays_square(design: Page) -> None:
    design.locator('[data-list] [data-choose="0"]').click()
    corner = design.locator('[data-edge="se"]').bounding_box()
    assert corner
    x, y = corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2
    design.mouse.move(x, y)
    design.mouse.down()
    design.mouse.move(x - 5 * scale(design), y - 5 * scale(design), steps=6)
    design.mouse.up()
    assert value(design, "code", "size_mm") == pytest.approx(13, abs=0.6)
    assert (value(design, "code", "x"), value(design, "code", "y")) == (1, 1.5)
    expect(design.locator("[data-element-remarks] .sy-note")).not_to_have_count(0)


def test_keys_move_resize_copy_remove_and_undo(design: Page) -> None:
    design.locator('[data-index="2"]').focus()
    start = value(design, "text", "x"), value(design, "text", "y")
    design.keyboard.press("ArrowLeft")
    assert value(design, "text", "x") == start[0] - 0.5
    design.keyboard.press("Shift+ArrowDown")
    assert value(design, "text", "y") == start[1] + 4.9, "on the grid from there"
    design.keyboard.press("Control+ArrowRight")
    assert value(design, "text", "width_mm") == 17.5
    design.keyboard.press("Control+d")
    assert design.locator("[data-index]").count() == 7
    design.keyboard.press("Delete")
    assert design.locator("[data-index]").count() == 6
    for _ in range(4):
        design.keyboard.press("Control+z")
    design.locator('[data-list] [data-choose="2"]').click()
    assert (value(design, "text", "x"), value(design, "text", "y")) == start
    design.keyboard.press("Control+y")
    assert value(design, "text", "x") == start[0] - 0.5


def test_a_text_gets_a_value_and_the_preview_follows(design: Page) -> None:
    design.locator('[data-add="text"]').click()
    design.fill("#id_panel-text-text", "净含量 ")
    design.select_option("[data-insert]", "net_content")
    assert design.input_value("#id_panel-text-text") == "净含量 {net_content}"
    expect(design.locator('[data-element="6"]')).to_contain_text("净含量")


def test_a_logo_is_added_from_disk(
    design: Page, organisation: Organisation, tmp_path: Path
) -> None:
    file = tmp_path / "商标.png"
    file.write_bytes(logo_file())
    design.locator('[data-add="picture"]').click()
    design.set_input_files("[data-upload]", file)
    design.locator('[data-element="6"] image').wait_for()
    save(design)
    row = newest(organisation)
    picture = row.design.elements[6]
    assert isinstance(picture, PictureElement)
    assert picture.picture in selectors.pictures_of(row)


def test_a_script_as_logo_is_refused_beside_its_button(design: Page, tmp_path: Path) -> None:
    file = tmp_path / "logo.png"
    file.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    design.locator('[data-add="picture"]').click()
    # The browser notes the refusal's status by itself, which is no fault of the page.
    design.route("**/logos/", lambda route: route.fulfill(status=200, json={"fault": "no picture"}))
    design.set_input_files("[data-upload]", file)
    expect(design.locator("[data-upload-fault]")).to_have_text("no picture")


def test_a_fault_is_told_beside_its_element_and_mended(design: Page) -> None:
    design.locator('[data-list] [data-choose="5"]').click()
    design.fill("#id_panel-text-x", "30")
    expect(design.locator("[data-element-remarks] .sy-tone-bad")).to_have_count(1)
    expect(design.locator("#id_panel-text-x")).to_have_attribute("aria-invalid", "true")
    design.fill("#id_panel-text-x", "20")
    expect(design.locator(".sy-tone-bad")).to_have_count(0)


def test_a_smaller_label_takes_its_elements_along(design: Page) -> None:
    design.fill("[name=width_mm]", "30")
    design.keyboard.press("Tab")
    design.locator('[data-list] [data-choose="1"]').click()
    inside = value(design, "text", "x") + value(design, "text", "width_mm")
    assert inside <= 30
    expect(design.locator(".sy-tone-bad")).to_have_count(0)


def test_the_sheet_is_filled_and_drawn(design: Page, organisation: Organisation) -> None:
    design.fill("#id_paper-margin_left_mm", "0")
    design.fill("#id_paper-margin_top_mm", "0")
    design.fill("#id_paper-gap_y_mm", "0")
    design.locator("[data-do=fill]").click()
    expect(design.locator("#id_paper-rows")).to_have_value("14")
    expect(design.locator("[data-sheet-picture] rect")).to_have_count(70)
    save(design)
    assert newest(organisation).sheet.per_page == 70


def test_leaving_asks_when_something_is_not_saved(design: Page) -> None:
    asked: list[str] = []

    def on_dialog(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.accept()  # type: ignore[attr-defined]

    design.on("dialog", on_dialog)
    design.locator('[data-list] [data-choose="1"]').click()
    design.locator('[data-align="top"]').click()
    design.reload()
    assert asked == ["beforeunload"]


def test_a_stale_save_shows_both(
    template: LabelTemplateVersion,
    actor: Actor,
    organisation: Organisation,
    chromium: object,
    open_page: OpenPage,
) -> None:
    page = open_page(ONE, role=Role.PLANNER)
    awake(page)
    services.save_template(
        actor=actor,
        number="LB-0001",
        base=1,
        name="瓶标",
        design={"width_mm": 30, "height_mm": 20, "elements": []},
        sheet={"kind": "roll"},
    )
    page.locator('[data-list] [data-choose="0"]').click()
    page.locator('[data-align="right"]').click()
    # As the browser notes the status 409 by itself, the answer is asked for like a page.
    page.route(
        "**/LB-0001/",
        lambda route: answered_well(route) if route.request.method == "POST" else route.continue_(),
    )
    page.locator("[data-save]").click()
    expect(page.locator("h2#mine-title")).to_be_visible()
    page.unroute("**/LB-0001/")
    page.locator("button[value=save]").click()
    page.locator(".sy-flash").wait_for()
    row = newest(organisation)
    code = row.design.elements[0]
    assert row.version == 3
    assert isinstance(code, CodeElement)
    assert code.x == 20


def answered_well(route: object) -> None:
    answer = route.fetch()  # type: ignore[attr-defined]
    assert answer.status == 409
    route.fulfill(response=answer, status=200)  # type: ignore[attr-defined]


def test_a_finger_drags_an_element(open_page: OpenPage, template: LabelTemplateVersion) -> None:
    page = open_page(ONE, role=Role.PLANNER, phone=True)
    awake(page)
    page.locator("[data-canvas]").evaluate(
        "canvas => canvas.scrollIntoView({block: 'center', behavior: 'instant'})"
    )
    x, y = at(page, 0)
    touch = page.context.new_cdp_session(page)

    def finger(kind: str, *points: tuple[float, float]) -> None:
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": px, "y": py} for px, py in points]},
        )

    finger("touchStart", (x, y))
    for step in range(1, 6):
        finger("touchMove", (x + step * 2 * scale(page), y))
    finger("touchEnd")
    assert value(page, "code", "x") == pytest.approx(11, abs=0.6)


def test_it_works_without_a_script(
    chromium: object,
    template: LabelTemplateVersion,
    organisation: Organisation,
    plain_page: Callable[[str], Page],
) -> None:
    page = plain_page(ONE)
    assert page.locator("[data-designer]").is_hidden()
    page.locator('button[value="add:text"]').click()
    page.locator("details").last.locator("textarea").fill("手工 {lot}")
    page.locator("details").last.locator("input[name$=-x]").fill("1")
    page.locator("details").last.locator("input[name$=-y]").fill("18")
    page.locator('button[value="preview"]').click()
    drawn = page.locator('[data-plain] [data-element="6"]').text_content()
    assert drawn
    assert drawn.startswith("手工")
    page.locator(".sy-lb-head button[value=save]").click()
    text = newest(organisation).design.elements[6]
    assert isinstance(text, TextElement)
    assert (text.text, text.y) == ("手工 {lot}", 18)


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_pages_are_accessible(
    open_page: OpenPage,
    violations: Violations,
    template: LabelTemplateVersion,
    actor: Actor,
    language: str,
    *,
    phone: bool,
) -> None:
    services.add_logo(actor=actor, name="mark", content=logo_file())
    found: dict[str, list[str]] = {}
    for path in ("", "new/", "logos/", "LB-0001/", "LB-0001/history/"):
        page = open_page(f"{LABELS}{path}", role=Role.PLANNER, phone=phone, language=language)
        if path == "LB-0001/":
            awake(page)
            page.locator('[data-list] [data-choose="0"]').click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if faults := violations(page):
            found[path] = faults
    assert found == {}
