"""Pictures in consumers’ complaints, and reports on single items on their pages."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from suyuan.quality import selectors
from suyuan.quality.models import Complaint
from suyuan.quality.services import add_report, complaints
from tests.recall_world import PDF, picture
from tests.scan_world import Goods

pytestmark = pytest.mark.django_db


def test_pictures_come_with_a_complaint_and_no_address_shows_them(goods: Goods) -> None:
    shots = [SimpleUploadedFile(f"{n}.png", picture(), "text/html") for n in range(2)]
    response = Client(enforce_csrf_checks=True).post(
        goods.path(), {"text": "发霉", "pictures": shots}
    )
    assert response.status_code == 201
    rows = selectors.pictures_of(Complaint.objects.get())
    assert len(rows) == 2
    assert all(row.name not in response.content.decode() for row in rows)


@pytest.mark.parametrize(
    "uploads",
    [[b"<svg onload='alert(1)'/>"], [b"%PDF-1.7"], [b"x"] * 4, [b"x" * (8 * 2**20 + 1)]],
)
def test_words_survive_pictures_that_cannot_be_taken(goods: Goods, uploads: list[bytes]) -> None:
    shots = [SimpleUploadedFile("a.jpg", body, "image/jpeg") for body in uploads]
    response = Client().post(
        goods.path(), {"text": "I found mould", "pictures": shots}, HTTP_ACCEPT_LANGUAGE="en"
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "I found mould" in page
    assert 'role="alert"' in page
    assert not Complaint.objects.exists()


def test_empty_file_field_is_no_picture(goods: Goods) -> None:
    empty = SimpleUploadedFile("none.png", b"", "application/octet-stream")
    assert Client().post(goods.path(), {"text": "x", "pictures": empty}).status_code == 201


@pytest.mark.parametrize("length", [str(26 * 2**20), "-1", "many"])
def test_post_that_is_too_large_is_refused_before_it_is_read(goods: Goods, length: str) -> None:
    response = Client().post(goods.path(), {"text": "x"}, CONTENT_LENGTH=length)
    assert response.status_code == 413
    assert not Complaint.objects.exists()


def test_pictures_are_not_decoded_once_a_network_has_sent_too_many(
    goods: Goods, held_clock: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    for _ in range(5):
        client.post(goods.path(), {"text": "x"})

    def never(_uploads: object) -> None:
        raise AssertionError

    monkeypatch.setattr(complaints, "read_shots", never)
    shot = SimpleUploadedFile("a.png", picture(), "image/png")
    assert client.post(goods.path(), {"text": "x", "pictures": shot}).status_code == 429


def test_report_on_single_items_is_shown_on_their_pages_alone(goods: Goods) -> None:
    report = add_report(
        actor=goods.actor,
        title="Kept sample",
        target_kind="items",
        gtin=goods.gtin,
        items=[goods.serials[0]],
        issued_by="Laboratory",
        issued_on=date(2026, 3, 2),
        result="pass",
        data=PDF,
        more=[picture()],
        publish=True,
    )
    mine = Client().get(goods.path(0)).content.decode()
    other = Client().get(goods.path(1)).content.decode()
    assert report.public_path in mine
    assert mine.count("/media/r/") == 2
    assert "Kept sample" not in other


def test_report_that_has_expired_is_not_called_passed(goods: Goods) -> None:
    add_report(
        actor=goods.actor,
        title="Yearly test",
        target_kind="product",
        gtin=goods.gtin,
        issued_by="Laboratory",
        issued_on=date(2025, 3, 2),
        valid_until=date(2026, 3, 1),
        result="pass",
        data=PDF,
        publish=True,
    )
    page = Client(headers={"Accept-Language": "en"}).get(goods.path(0)).content.decode()
    assert "Yearly test" in page
    assert "Expired on 2026-03-01" in page
    assert "Passed" not in page
