"""Printing's pages: looking before printing, the job's page, voids, reprints, printers."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import order_codes
from suyuan.labels.models import LabelTemplateVersion
from suyuan.printing import selectors
from suyuan.printing.models import JobState, Printer, PrintJob
from suyuan.printing.services import pause_job
from suyuan.printing.values import OrderRange, Output
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from suyuan.tenancy.rights import Role
from tests.conftest import MakeClient
from tests.printing_world import Listener, begun, run
from tests.reading import codes_on_pdf

pytestmark = pytest.mark.django_db

HERE = "/app/mingqian/print/"


@pytest.fixture
def printed(actor: Actor, order: CodeOrder, template: LabelTemplateVersion) -> PrintJob:
    """Return a job that has printed sixty labels."""
    return run(begun(actor, order, template, wanted=OrderRange(0, 60)))


def fields(order: CodeOrder, template: LabelTemplateVersion, **more: object) -> dict[str, Any]:
    """Return what the form for a new job sends."""
    sent = {"order": order.number, "template": template.number, "what": "order", "to": "pdf"}
    return {**sent, "first": "1", "count": "60", **more}


def test_without_anything_the_list_says_what_to_do(client_as: MakeClient, actor: Actor) -> None:
    page = client_as(Role.PRODUCTION).get(HERE).content.decode()
    assert "还没有打印过标签" in page
    assert f'href="{HERE}new/"' in page


def test_a_new_job_shows_the_first_label_with_its_own_serial(
    client_as: MakeClient, order: CodeOrder, template: LabelTemplateVersion
) -> None:
    client = client_as(Role.PRODUCTION)
    page = client.get(f"{HERE}new/", {"order": order.number}).content.decode()
    serial = issuing.serials(order)[0]
    assert f"{serial[:5]} {serial[5:10]} {serial[10:]}" in page
    assert "<strong>2</strong>" in page  # sheets for a hundred labels, 55 on each
    part = client.get(f"{HERE}new/preview", fields(order, template, first="11"))
    assert issuing.serials(order, first=10)[0][:5] in part.content.decode()
    assert "<html" not in part.content.decode()
    assert not issuing.allotments(order)


def test_a_preview_names_what_the_label_shows_and_nobody_has_said(
    client_as: MakeClient, order: CodeOrder, template: LabelTemplateVersion, actor: Actor
) -> None:
    bare = order_codes(actor=actor, gtin=order.product.gtin, count=3)
    client = client_as(Role.PRODUCTION)
    assert "会留空" in client.get(f"{HERE}new/", {"order": bare.number}).content.decode()
    assert "会留空" not in client.get(f"{HERE}new/", {"order": order.number}).content.decode()


def test_a_job_is_made_run_and_downloaded_with_an_audit_row(
    client_as: MakeClient,
    order: CodeOrder,
    template: LabelTemplateVersion,
    django_capture_on_commit_callbacks: Any,
) -> None:
    client = client_as(Role.PRODUCTION)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"{HERE}new/", fields(order, template))
    job = PrintJob.objects.get()
    assert answer["Location"] == f"{HERE}jobs/{job.number}/"
    page = client.get(answer["Location"]).content.decode()
    assert "已完成" in page
    assert f"{HERE}jobs/{job.number}/files/1" in page
    file = client.get(f"{HERE}jobs/{job.number}/files/1")
    assert file["Content-Disposition"] == f'attachment; filename="{job.number}.pdf"'
    assert file["Cache-Control"] == "no-store"
    read = [code for page in codes_on_pdf(b"".join(file)) for code in page]
    assert read == issuing.links(order, count=60, base=settings.PUBLIC_URL)
    assert AuditEntry.objects.filter(action="labels.download", object_id=job.number).exists()
    assert job.number in client.get(HERE).content.decode()


def test_codes_on_labels_are_refused_with_who_and_when(
    client_as: MakeClient, order: CodeOrder, template: LabelTemplateVersion, printed: PrintJob
) -> None:
    client = client_as(Role.PRODUCTION)
    answer = client.post(f"{HERE}new/", fields(order, template))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "第 1 至 60 个码已经印过标签" in page
    assert printed.number in page
    # The preview warns before anybody sends the form.
    part = client.get(f"{HERE}new/preview", fields(order, template)).content.decode()
    assert "第 1 至 60 个码已经印过标签" in part
    assert client.post(f"{HERE}new/", fields(order, template, again="受潮")).status_code == 302
    assert len(selectors.voids(printed)) == 1


def test_a_form_with_faults_comes_back_with_them(
    client_as: MakeClient, order: CodeOrder, template: LabelTemplateVersion
) -> None:
    client = client_as(Role.PRODUCTION)
    for wrong, said in (
        ({"count": "101"}, "码单共有 100 个码"),
        ({"offset": "55"}, "第一张纸上最多可有 54 枚"),
        ({"what": "listed", "codes": ""}, "请至少输入一个码"),
        ({"what": "listed", "codes": "nonsense"}, "不符合要求"),
    ):
        answer = client.post(f"{HERE}new/", fields(order, template, **wrong))
        assert answer.status_code == 422
        assert said in answer.content.decode()
        part = client.get(f"{HERE}new/preview", fields(order, template, **wrong))
        assert said in part.content.decode()
    assert not PrintJob.objects.exists()


def test_three_labels_become_void_and_are_printed_again(
    client_as: MakeClient, order: CodeOrder, printed: PrintJob, actor: Actor
) -> None:
    client = client_as(Role.PRODUCTION)
    here = f"{HERE}jobs/{printed.number}/"
    serials = issuing.serials(order, first=4, count=3)
    sent = {"codes": "\n".join(serials), "reason": "spoiled", "after": "reprint"}
    assert client.post(f"{here}void", sent).status_code == 302
    page = client.get(here).content.decode()
    assert "3 枚作废标签等待重印" in page
    assert all(serial in page for serial in serials)
    answer = client.post(f"{here}reprint", {"to": "pdf", "offset": "5"})
    again = run(PrintJob.objects.exclude(id=printed.id).get())
    assert answer["Location"] == f"{HERE}jobs/{again.number}/"
    assert (again.total, again.copy, again.sheet_offset) == (3, 2, 5)
    assert "3 枚作废标签等待重印" not in client.get(here).content.decode()
    # The item's own page tells what became of its labels.
    item = client_as(Role.OWNER).get(f"/app/mingqian/items/{order.product.gtin}/{serials[0]}/")
    shown = item.content.decode()
    assert printed.number in shown
    assert again.number in shown
    assert "已作废" in shown


def test_a_refused_void_names_every_code_and_changes_nothing(
    client_as: MakeClient, order: CodeOrder, printed: PrintJob
) -> None:
    codes = [issuing.serials(order, first=70)[0], "ZZZZ", issuing.serials(order)[0]]
    answer = client_as(Role.PRODUCTION).post(
        f"{HERE}jobs/{printed.number}/void",
        {"codes": "\n".join(codes[1:]), "reason": "lost", "after": "withdraw"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "ZZZZ" in page
    assert "没有任何码单发过这个码" in page or "这不是一个码" in page
    assert not selectors.voids(printed)


def test_codes_withdrawn_by_number_say_why_on_the_items_page(
    client_as: MakeClient, order: CodeOrder, printed: PrintJob
) -> None:
    sent = {"first": "5", "last": "6", "reason": "lost", "after": "withdraw"}
    client = client_as(Role.OWNER)
    assert client.post(f"{HERE}jobs/{printed.number}/void", sent).status_code == 302
    serial = issuing.serials(order, first=4)[0]
    page = client.get(f"/app/mingqian/items/{order.product.gtin}/{serial}/")
    assert "丢失" in page.content.decode()


def test_a_printer_that_fails_asks_how_many_labels_came_out(
    client_as: MakeClient,
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    zpl_printer: Printer,
    listener: Listener,
) -> None:
    listener.mute = True
    job = run(begun(actor, order, roll_template, Output(printer=zpl_printer.code)))
    client = client_as(Role.WAREHOUSE)
    here = f"{HERE}jobs/{job.number}/"
    page = client.get(here).content.decode()
    assert "请检查这 50 枚标签" in page
    assert "没有回答状态查询" in page
    assert client.post(f"{here}resume", {}).status_code == 422
    assert client.post(f"{here}resume", {"came_out": "51"}).status_code == 422
    listener.mute = False
    assert client.post(f"{here}resume", {"came_out": "20"}).status_code == 302
    assert run(job).state == JobState.DONE
    assert "人工确认" in client.get(here).content.decode()


def test_progress_is_asked_for_again_until_the_job_ends(
    client_as: MakeClient, actor: Actor, order: CodeOrder, template: LabelTemplateVersion
) -> None:
    job = begun(actor, order, template)
    client = client_as(Role.PRODUCTION)
    here = f"{HERE}jobs/{job.number}/"
    part = client.get(f"{here}progress")
    assert 'hx-trigger="every 2s"' in part.content.decode()
    assert "HX-Refresh" not in part
    pause_job(actor=actor, number=job.number)
    part = client.get(f"{here}progress")
    assert "hx-trigger" not in part.content.decode()
    assert part["HX-Refresh"] == "true"
    assert client.post(f"{here}cancel").status_code == 302
    assert "已取消" in client.get(here).content.decode()
    # What is over cannot be steered: a sentence, no fault of the server.
    page = client.post(f"{here}pause", follow=True).content.decode()
    assert "已完成或已取消" in page


def test_a_printer_is_set_up_tried_and_put_away(
    client_as: MakeClient, actor: Actor, listener: Listener
) -> None:
    client = client_as(Role.PLANNER)
    assert "还没有设置打印机" in client.get(f"{HERE}printers/").content.decode()
    sent = {
        "code": "ZEBRA-9",
        "name": "包装线",
        "kind": "zpl",
        "host": "127.0.0.1",
        "port": str(listener.port),
        "dpi": "300",
        "reports": "on",
    }
    refused = client.post(f"{HERE}printers/new/", sent | {"host": "8.8.8.8"})
    assert refused.status_code == 422
    assert "不在允许放置打印机的网络范围内" in refused.content.decode()
    answer = client.post(f"{HERE}printers/new/", sent)
    assert answer["Location"] == f"{HERE}printers/ZEBRA-9/"
    page = client.post(f"{HERE}printers/ZEBRA-9/try", follow=True).content.decode()
    assert "打印机有应答，已就绪" in page
    listener.paper_out = True
    page = client.post(f"{HERE}printers/ZEBRA-9/try", follow=True).content.decode()
    assert "打印机缺纸" in page
    del sent["code"]
    changed = client.post(f"{HERE}printers/ZEBRA-9/", sent | {"name": "旧机"})
    assert changed.status_code == 302
    assert "旧机" in client.get(f"{HERE}printers/").content.decode()
    assert not Printer.objects.get().active
    # A colleague who prints sees it, and changes nothing.
    colleague = client_as(Role.WAREHOUSE)
    assert colleague.get(f"{HERE}printers/ZEBRA-9/").status_code == 200
    assert colleague.post(f"{HERE}printers/ZEBRA-9/", sent).status_code == 403


def test_the_orders_page_leads_to_printing(client_as: MakeClient, order: CodeOrder) -> None:
    page = client_as(Role.PLANNER).get(f"/app/mingqian/codes/orders/{order.number}/")
    assert f"{HERE}new/?order={order.number}" in page.content.decode()


def test_strangers_and_others_do_not_see_jobs(
    client_as: MakeClient, stranger: Client, other_organisation: Any, printed: PrintJob
) -> None:
    here = f"{HERE}jobs/{printed.number}/"
    assert stranger.get(here).status_code == 302
    theirs = client_as(Role.OWNER, other_organisation)
    assert theirs.get(here).status_code == 404
    assert theirs.get(f"/app/haiyan/print/jobs/{printed.number}/").status_code == 404
    assert client_as(Role.MARKETING).get(here).status_code == 403
