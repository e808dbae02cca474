"""Facts about masterdata's pages: seen, filled in, refused, kept apart."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from PIL import Image

from suyuan.masterdata import selectors, services
from suyuan.masterdata.models import Party, Product, ProductPicture
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Role
from tests.conftest import MakeClient
from tests.http.masterdata.conftest import GTIN, fill

pytestmark = pytest.mark.django_db

APP = "/app/mingqian/"
LISTS = ["products/", "materials/", "parties/", "locations/", "batches/", "material-lots/"]
ROWS = [
    f"products/{GTIN}/",
    "materials/M1/",
    "parties/P1/",
    "locations/L1/",
    f"batches/{GTIN}/A/1/",
    "material-lots/M1/R1/",
]
NEW = ["products", "materials", "parties", "locations", "material-lots"]


@pytest.fixture
def planner(client_as: MakeClient) -> Client:
    return client_as(Role.PLANNER)


@pytest.mark.parametrize("path", [*LISTS, *ROWS, *(f"{row}edit/" for row in ROWS)])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_page_is_shown(filled: Actor, planner: Client, path: str, language: str) -> None:
    answer = planner.get(APP + path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert "茶" in answer.content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_empty_list_says_what_to_do_next(planner: Client, path: str) -> None:
    assert "sy-empty" in planner.get(APP + path).content.decode()


@pytest.mark.parametrize("path", [*(f"{kind}/_new/" for kind in NEW), "imports/_new/products/"])
def test_form_is_shown(filled: Actor, planner: Client, path: str) -> None:
    assert planner.get(APP + path).status_code == 200


@pytest.mark.parametrize("path", [*LISTS, *ROWS])
def test_stranger_is_sent_to_sign_in(filled: Actor, stranger: Client, path: str) -> None:
    answer = stranger.get(APP + path)
    assert answer.status_code == 302
    assert "login" in answer["Location"]


@pytest.mark.parametrize("path", [*LISTS, *ROWS, *(f"{row}edit/" for row in ROWS)])
def test_member_of_another_organisation_finds_nothing(
    filled: Actor, client_as: MakeClient, other_organisation: Organisation, path: str
) -> None:
    outsider = client_as(Role.OWNER, other_organisation)
    assert outsider.get(APP + path).status_code == 404
    if path not in LISTS:
        assert outsider.get(f"/app/haiyan/{path}").status_code == 404


@pytest.mark.parametrize("path", [*(f"{row}edit/" for row in ROWS), "parties/_new/"])
def test_reader_cannot_open_a_form(filled: Actor, client_as: MakeClient, path: str) -> None:
    assert client_as(Role.MARKETING).get(APP + path).status_code == 403


def test_reader_cannot_change_a_lot(filled: Actor, client_as: MakeClient) -> None:
    path = f"{APP}batches/{GTIN}/A/1/edit/"
    answer = client_as(Role.MARKETING).post(path, {"produced_on": "2026-03-02"})
    assert answer.status_code == 403
    lot = selectors.get_lot(filled.organisation_id, GTIN, "A/1")
    assert lot.produced_on.isoformat() == "2026-03-01"


def test_html_in_every_text_is_shown_as_text(actor: Actor, planner: Client) -> None:
    fill(actor, gtin=GTIN, text='<b id="x">&amp;')
    for path in [*LISTS, *ROWS, *(f"{row}edit/" for row in ROWS)]:
        page = planner.get(APP + path).content.decode()
        assert '<b id="x">' not in page, path
        assert "&lt;b id=" in page, path


def test_product_form_stores_and_shows_the_product(planner: Client) -> None:
    answer = planner.post(
        f"{APP}products/_new/",
        {"name_zh": "龙井", "category": "tea", "granularity": "item", "own": "on", "active": "on"},
    )
    row = Product.objects.get()
    assert answer["Location"] == f"{APP}products/{row.gtin}/"
    assert (row.own, row.granularity, row.is_restricted) == (True, "item", True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gtin", "9521234000014"),
        ("name_zh", ""),
        ("name_zh", "a\0b"),
        ("name_en", "a\u202eb"),
        ("shelf_life_days", "x"),
        ("category", "weapons"),
    ],
)
def test_refused_form_comes_back_with_what_was_entered(
    planner: Client, field: str, value: str
) -> None:
    sent = {"name_zh": "龙井", "brand_zh": "狮峰", "category": "tea", "granularity": "item"}
    answer = planner.post(f"{APP}products/_new/", {**sent, field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "狮峰" in page
    assert f'id="id_{field}_fault"' in page
    assert not Product.objects.exists()


def test_code_that_is_taken_is_a_fault_of_its_field(filled: Actor, planner: Client) -> None:
    sent = {"code": "P1", "kind": "factory", "name_zh": "第二"}
    answer = planner.post(f"{APP}parties/_new/", sent)
    assert answer.status_code == 422
    assert 'id="id_code_fault"' in answer.content.decode()
    assert Party.objects.count() == 1


def test_edit_form_empties_what_was_emptied(filled: Actor, planner: Client) -> None:
    sent = {"kind": "factory", "name_zh": "新名", "name_en": "", "gln": ""}
    assert planner.post(f"{APP}parties/P1/edit/", sent).status_code == 302
    row = Party.objects.get()
    assert (row.kind, row.name_zh, row.name_en, row.address) == ("factory", "新名", "", "")


def test_filters_sorting_and_paging_survive_hostile_queries(filled: Actor, planner: Client) -> None:
    for query in ("text=%00", "sort=-id", "page=-1", "page=x", "category=x", "text=" + "x" * 500):
        assert planner.get(f"{APP}products/?{query}").status_code == 200


def test_import_goes_from_upload_over_preview_to_rows(planner: Client) -> None:
    file = io.BytesIO("往来单位代码,类型,中文名称\nF1,factory,茶厂\n".encode())
    file.name = "单位.csv"
    answer = planner.post(f"{APP}imports/_new/parties/", {"file": file})
    preview = answer["Location"]
    assert "F1" in planner.get(preview).content.decode()
    assert not Party.objects.exists()
    planner.post(f"{preview}apply/")
    assert Party.objects.get().name_zh == "茶厂"
    assert planner.get(preview).status_code == 200


def test_refused_rows_can_be_downloaded_with_reasons(planner: Client) -> None:
    file = io.BytesIO("code,kind,name_zh\nF1,castle,茶厂\n".encode())
    file.name = "p.csv"
    preview = planner.post(f"{APP}imports/_new/parties/", {"file": file})["Location"]
    answer = planner.get(f"{preview}faults.csv")
    text = b"".join(answer).decode("utf-8-sig")
    assert "F1,castle,茶厂,2,not_an_option,kind," in text
    planner.post(f"{preview}apply/")
    assert not Party.objects.exists()


def test_broken_file_is_refused_at_its_field(planner: Client) -> None:
    file = io.BytesIO(b"PK\x03\x04 no workbook")
    file.name = "p.xlsx"
    answer = planner.post(f"{APP}imports/_new/parties/", {"file": file})
    assert answer.status_code == 422
    assert 'id="id_file_fault"' in answer.content.decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_is_a_file_for_those_who_may_see(filled: Actor, planner: Client, form: str) -> None:
    answer = planner.get(f"{APP}exports/products.{form}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="products.{form}"'
    assert planner.get(f"{APP}exports/people.{form}").status_code == 404


def picture() -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (1200, 800), "#2a6")
    exif = Image.Exif()
    exif[0x010F] = "secret camera"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def upload(client: Client, content: bytes) -> None:
    file = io.BytesIO(content)
    file.name = "p.jpg"
    client.post(f"{APP}products/{GTIN}/pictures/", {"picture": file})


def test_picture_of_a_published_product_is_public_small_and_clean(
    filled: Actor, planner: Client, stranger: Client
) -> None:
    upload(planner, picture())
    row = ProductPicture.objects.get()
    answer = stranger.get(f"/media/p/{row.large}.webp")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"]
    assert b"secret camera" not in answer.content
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert shown.size == (960, 640)
    services.update_product(actor=filled, gtin=GTIN, own=False)
    assert stranger.get(f"/media/p/{row.large}.webp").status_code == 404
    assert planner.get(f"{APP}pictures/{row.small}.webp").status_code == 200


@pytest.mark.parametrize("name", ["x", "..%2f..%2fsecret-key", "0" * 64, "%00"])
def test_other_file_names_are_not_found(planner: Client, stranger: Client, name: str) -> None:
    assert stranger.get(f"/media/p/{name}.webp").status_code == 404
    assert planner.get(f"{APP}pictures/{name}.webp").status_code == 404


@pytest.mark.parametrize(
    "content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", picture()[:500]]
)
def test_what_is_no_picture_is_refused(filled: Actor, planner: Client, content: bytes) -> None:
    upload(planner, content)
    assert not ProductPicture.objects.exists()


def test_picture_is_added_once_put_first_and_removed(filled: Actor, planner: Client) -> None:
    upload(planner, picture())
    upload(planner, picture())
    row = ProductPicture.objects.get()
    place = f"{APP}products/{GTIN}/pictures/{row.large}/"
    assert planner.post(f"{place}first/").status_code == 302
    assert planner.post(f"{place}remove/").status_code == 302
    assert not ProductPicture.objects.exists()
