"""Printing in a browser: from a code order to labels that a decoder reads, voids and reprints."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.labels.models import LabelTemplateVersion
from suyuan.printing.models import Printer, PrintJob
from suyuan.printing.services import void_labels
from suyuan.printing.values import OrderRange, Output
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations
from tests.printing_world import Listener, begun, run
from tests.reading import codes_on_pdf

APP = "/app/mingqian"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def links(order: CodeOrder, *positions: int) -> list[str]:
    return [
        issuing.links(order, first=position, base=settings.PUBLIC_URL)[0] for position in positions
    ]


def test_sixty_labels_are_printed_read_three_void_and_printed_again(
    open_page: OpenPage, order: CodeOrder, template: LabelTemplateVersion, tmp_path: Path
) -> None:
    page = open_page(f"{APP}/codes/orders/{order.number}/", role=Role.PLANNER)
    page.get_by_role("link", name="打印标签").click()
    # What is typed changes the picture beside it, without a reload.
    preview = page.locator("#print-preview")
    first = issuing.serials(order)[0]
    preview.get_by_text(f"{first[:5]} {first[5:10]} {first[10:]}").wait_for()
    page.get_by_label("从第几个码起").or_(page.get_by_label("起始序号")).fill("1")
    page.get_by_label("多少枚标签").fill("60")
    page.get_by_label("多少枚标签").blur()
    preview.get_by_text("60", exact=True).wait_for()
    page.get_by_role("button", name="打印标签").click()
    page.wait_for_url("**/print/jobs/PJ-*/")
    first_job = page.url
    page.get_by_text("已完成").first.wait_for()
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="下载 PDF").click()
    file = tmp_path / "labels.pdf"
    downloaded.value.save_as(file)
    pages = codes_on_pdf(file.read_bytes())
    assert [code for one in pages for code in one] == links(order, *range(60))

    spoiled = links(order, 7, 20, 59)
    page.get_by_label("标签上的码").fill("\n".join(spoiled))
    page.get_by_label("作废原因").select_option("spoiled")
    page.get_by_role("button", name="作废", exact=True).click()
    page.get_by_text("3 枚作废标签等待重印").wait_for()
    page.get_by_role("button", name="重印").click()
    page.get_by_text("第几次打印").wait_for()
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="下载 PDF").click()
    downloaded.value.save_as(file)
    assert [code for one in codes_on_pdf(file.read_bytes()) for code in one] == spoiled
    # The first job names the one that printed them again, and nothing waits any more.
    reprint = PrintJob.objects.exclude(number=first_job.rstrip("/").rpartition("/")[2]).get()
    page.goto(first_job)
    voids = page.get_by_role("region", name="作废记录")
    voids.get_by_role("link", name=reprint.number).wait_for()
    assert page.get_by_text("枚作废标签等待重印").count() == 0


def test_a_job_on_a_printer_shows_its_progress_and_asks_about_labels_in_doubt(
    open_page: OpenPage,
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    zpl_printer: Printer,
    listener: Listener,
) -> None:
    listener.mute = True
    job = run(begun(actor, order, roll_template, Output(printer=zpl_printer.code)))
    page = open_page(f"{APP}/print/jobs/{job.number}/", role=Role.WAREHOUSE)
    page.get_by_text("请检查这 50 枚标签").wait_for()
    listener.mute = False
    page.get_by_label("其中印好了多少枚").fill("50")
    page.get_by_role("button", name="继续打印").click()
    page.get_by_text("已完成").first.wait_for()
    page.get_by_text("人工确认").wait_for()
    job.refresh_from_db()
    assert (job.done, job.in_doubt) == (job.total, 0)


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_pages_are_accessible(
    open_page: OpenPage,
    violations: Violations,
    actor: Actor,
    order: CodeOrder,
    template: LabelTemplateVersion,
    zpl_printer: Printer,
    *,
    phone: bool,
    language: str,
) -> None:
    job = run(begun(actor, order, template, wanted=OrderRange(0, 60)))
    void_labels(actor=actor, order_number=order.number, first=3, count=2, reason="lost")
    waiting = begun(actor, order, template, Output(printer=zpl_printer.code), OrderRange(60, 10))
    found: dict[str, list[str]] = {}
    for path in (
        "print/",
        "print/new/",
        f"print/new/?order={order.number}",
        f"print/jobs/{job.number}/",
        f"print/jobs/{waiting.number}/",
        "print/printers/",
        "print/printers/new/",
        f"print/printers/{zpl_printer.code}/",
    ):
        page = open_page(f"{APP}/{path}", role=Role.OWNER, phone=phone, language=language)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if faults := violations(page):
            found[path] = faults
    assert found == {}
