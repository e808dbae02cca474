"""Codes in a browser: pasted, dropped and chosen pictures, and a picture that follows its form."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from suyuan.issuing import selectors
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import withdraw_codes
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests import photos
from tests.browser.conftest import OpenPage, Violations
from tests.browser.pictures import take
from tests.reading import codes_on_pdf, seen_on

APP = "/app/mingqian/codes"
BASE = "http://127.0.0.1:8000"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

_HAND_OVER = """([body, kind]) => {
  const bytes = Uint8Array.from(atob(body), (sign) => sign.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "shot.png", { type: "image/png" }));
  const form = document.querySelector("form[data-picture-drop]");
  if (kind === "paste") {
    document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
  } else {
    form.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
  }
}"""


def _photo(order: CodeOrder) -> bytes:
    """Return a photo of three codes: the first and the last of an order, and a stranger's."""
    first, second = selectors.links(order, count=2, base=BASE)
    cards = [
        (photos.turned(photos.label(first), 12), (40, 60)),
        (photos.label(second), (420, 90)),
        (photos.label("https://example.com/shop"), (640, 480)),
    ]
    return photos.file(photos.table(*cards))


def _states(page: Page) -> list[str]:
    rows = page.locator("table tbody tr")
    expect(rows.first).to_be_visible()
    return [row.locator(".sy-badge").first.inner_text().strip() for row in rows.all()]


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_that_is_handed_over_is_read_at_once(
    open_page: OpenPage, active_order: CodeOrder, kind: str
) -> None:
    page = open_page(f"{APP}/read/", role=Role.OWNER)
    with page.expect_navigation():
        page.evaluate(_HAND_OVER, [base64.b64encode(_photo(active_order)).decode(), kind])
    assert _states(page) == ["已激活", "已激活", "非标识"]


def test_a_chosen_photo_shows_its_codes_where_they_are(
    open_page: OpenPage, active_order: CodeOrder, actor: Actor, tmp_path: Path
) -> None:
    page = open_page(f"{APP}/read/", role=Role.OWNER)
    place = tmp_path / "photo.png"
    place.write_bytes(_photo(active_order))
    with page.expect_navigation():
        page.get_by_label("图片、照片或 PDF").set_input_files(place)
    assert _states(page) == ["已激活", "已激活", "非标识"]
    outlines = page.locator(".sy-marked .outline")
    assert outlines.count() == 3
    # What the reader sees below an outline is the code itself: a decoder agrees.
    drawing = page.locator(".sy-marked image")
    drawing.scroll_into_view_if_needed()
    frame = drawing.bounding_box()
    assert frame is not None
    shot = Image.open(io.BytesIO(_photo(active_order)))
    seen = seen_on(shot)
    for outline, one in zip(outlines.all(), seen, strict=True):
        box = outline.bounding_box()
        assert box is not None
        scale = frame["width"] / shot.width
        across = frame["x"] + (one.box[0] + one.box[2]) / 2 * scale
        assert box["x"] + box["width"] / 2 == pytest.approx(across, abs=6)
    page.locator(".sy-marked a").first.click()
    assert page.url.endswith("#code-1")


def test_without_a_script_the_button_sends_the_picture(
    open_page: OpenPage, active_order: CodeOrder, tmp_path: Path
) -> None:
    page = open_page(f"{APP}/read/", role=Role.OWNER)
    page.route(
        "**/build/app.js", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    page.reload()
    place = tmp_path / "photo.png"
    place.write_bytes(_photo(active_order))
    page.get_by_label("图片、照片或 PDF").set_input_files(place)
    with page.expect_navigation():
        page.get_by_role("button", name="读码").click()
    assert len(_states(page)) == 3


def test_the_picture_follows_the_form(open_page: OpenPage, order: CodeOrder) -> None:
    page = open_page(f"{APP}/orders/{order.number}/", role=Role.OWNER)
    page.get_by_role("link", name="下载码的图片").first.click()
    expect(page.locator(".sy-symbol svg")).to_be_visible()
    shot = Image.open(io.BytesIO(page.locator(".sy-symbol").screenshot()))
    serial = selectors.serials(order)[0]
    assert [one.text.rpartition("/")[2] for one in seen_on(shot)] == [serial]
    page.get_by_label("最大宽度").fill("9")
    expect(page.get_by_text("太小：许多手机读不出。")).to_be_visible()
    take(page, "code-picture")
    page.get_by_label("最大宽度").fill("25")
    expect(page.get_by_text("这个尺寸手机容易识读。")).to_be_visible()
    page.get_by_label("码制", exact=True).select_option("gs1_datamatrix")
    expect(page.get_by_role("heading", name="GS1 DataMatrix")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    body = download.value.path().read_bytes()
    assert codes_on_pdf(body) == [[f"(01){order.product.gtin}(21){serial}"]]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("phone", [False, True])
def test_the_screens_are_accessible(
    open_page: OpenPage,
    violations: Violations,
    active_order: CodeOrder,
    actor: Actor,
    tmp_path: Path,
    *,
    phone: bool,
    language: str,
) -> None:
    found: dict[str, list[str]] = {}
    name = f"{language}-{'phone' if phone else 'desk'}"

    def look(page: Page, what: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
        if faults := violations(page):
            found[what] = faults
        take(page, f"codes-{what}-{name}")

    page = open_page(f"{APP}/read/", role=Role.OWNER, phone=phone, language=language)
    look(page, "ask")
    place = tmp_path / "photo.png"
    place.write_bytes(_photo(active_order))
    with page.expect_navigation():
        page.locator("input[type=file]").first.set_input_files(place)
    look(page, "read")
    link = selectors.links(active_order, base=BASE)[0]
    page.goto(f"{page.url.split('/app/')[0]}{APP}/picture/?code={link}&size_mm=12")
    look(page, "picture")
    assert found == {}


def test_a_withdrawn_code_is_seen_at_a_glance(
    open_page: OpenPage, order: CodeOrder, actor: Actor, tmp_path: Path
) -> None:
    withdraw_codes(actor=actor, order_number=order.number, positions=[0], reason="torn")
    page = open_page(f"{APP}/read/", role=Role.OWNER)
    place = tmp_path / "photo.png"
    place.write_bytes(_photo(order))
    with page.expect_navigation():
        page.locator("input[type=file]").first.set_input_files(place)
    assert _states(page) == ["已作废", "已发放，未激活", "非标识"]
    assert page.locator(".sy-marked .outline.mark-bad").count() == 1
