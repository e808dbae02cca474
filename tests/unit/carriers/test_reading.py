"""Reading back: photos and pages of a PDF."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageOps

from suyuan.core.carriers import Symbology, draw, formats, opening, sizing
from suyuan.core.carriers.reading import FoundCode, read_picture
from tests import photos
from tests.photos import LINK, sheet
from tests.unit.carriers.test_symbols import SAMPLES

MATRICES: list[Symbology] = ["qr", "datamatrix", "gs1_datamatrix"]
KINDS: list[Symbology] = [*MATRICES, "gs1_128"]


def _texts(body: bytes, **options: Any) -> list[str]:
    return [code.text for code in read_picture(body, **options).codes]


def _middle(code: FoundCode) -> tuple[float, float]:
    return sum(x for x, _ in code.position) / 4, sum(y for _, y in code.position) / 4


# ---------------------------------------------------------------- what is found


@pytest.mark.parametrize("symbology", KINDS)
def test_each_kind_is_found_with_its_name_and_whether_gs1_is_in_it(symbology: Symbology) -> None:
    photo = photos.table((photos.label(SAMPLES[symbology], symbology), (200, 250)))
    (code,) = read_picture(photos.file(photo)).codes
    assert code.text == SAMPLES[symbology]
    assert code.symbology == symbology.removeprefix("gs1_").replace("128", "code_128")
    assert code.is_gs1 is symbology.startswith("gs1_")
    assert code.page == 1


def test_an_element_string_is_told_so_that_it_can_be_parsed() -> None:
    text = r"(01)09521234000013(21)7K\(3)M(10)A%/B"
    photo = photos.table((photos.label(text, "gs1_datamatrix"), (200, 250)))
    assert _texts(photos.file(photo)) == [text]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"])
def test_every_format_of_pictures_is_read(form: str) -> None:
    photo = photos.table((photos.label(SAMPLES["qr"]), (200, 250)))
    assert _texts(photos.file(photo, form)) == [SAMPLES["qr"]]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_every_kind_of_pixels_is_read(mode: str) -> None:
    photo = photos.table((photos.label(SAMPLES["qr"]), (200, 250)))
    wide = {"I;16": lambda: photo.convert("I;16").point(lambda value: value * 200)}
    picture = wide.get(mode, lambda: photo.convert(mode))()
    assert _texts(photos.file(picture, "TIFF")) == [SAMPLES["qr"]]


def test_black_on_nothing_is_black_on_white() -> None:
    png = formats.png(draw(SAMPLES["qr"]), module=6)
    dark = ImageOps.invert(Image.open(io.BytesIO(png)).convert("L"))
    clear = Image.new("RGBA", dark.size, (0, 0, 0, 0))
    clear.putalpha(dark)
    assert _texts(photos.file(clear)) == [SAMPLES["qr"]]


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_palette_with_a_transparent_colour_is_read(kind: str) -> None:
    picture = Image.open(io.BytesIO(formats.png(draw(SAMPLES["qr"]), module=6))).convert("P")
    body = photos.file(picture, kind, transparency=255)
    assert _texts(body) == [SAMPLES["qr"]]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_marks_stand_where_the_browser_shows_the_code(orientation: int) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    photo = photos.table((photos.label(SAMPLES["qr"]), (700, 100)))
    body = photos.file(photo, "JPEG", exif=exif)
    with Image.open(io.BytesIO(body)) as picture:
        upright = ImageOps.exif_transpose(picture)
    found = read_picture(body)
    (code,), (page,) = found.codes, found.pages
    assert (page.width, page.height) == upright.size
    x, y = _middle(code)
    half = photos.label(SAMPLES["qr"]).width / 2
    places = {
        1: (700 + half, 100 + half),
        3: (300 - half, 700 - half),
        6: (700 - half, 700 + half),
        8: (100 + half, 300 - half),
    }
    if orientation in places:
        assert (x, y) == pytest.approx(places[orientation], abs=4)


@pytest.mark.parametrize("symbology", KINDS)
@pytest.mark.parametrize(
    "harm",
    [
        photos.blurred,
        photos.dim,
        photos.half_in_shadow,
        photos.noisy,
        ImageOps.invert,
        lambda photo: photo.resize((400, 320), Image.Resampling.LANCZOS),
    ],
    ids=["blurred", "dim", "half in shadow", "noisy", "light on dark", "small"],
)
def test_a_bad_photo_is_read(
    symbology: Symbology, harm: Callable[[Image.Image], Image.Image]
) -> None:
    photo = photos.table((photos.label(SAMPLES[symbology], symbology), (200, 250)))
    assert _texts(photos.file(harm(photo))) == [SAMPLES[symbology]]


@pytest.mark.parametrize("symbology", KINDS)
@pytest.mark.parametrize("degrees", [17, 45, 61, 90, 135, 200, 290])
def test_a_turned_photo_is_read_and_marked_where_the_code_is(
    symbology: Symbology, degrees: int
) -> None:
    card = photos.turned(photos.label(SAMPLES[symbology], symbology), degrees)
    place = (120, 40)
    (code,) = read_picture(photos.file(photos.table((card, place)))).codes
    assert code.text == SAMPLES[symbology]
    expected = (place[0] + card.width / 2, place[1] + card.height / 2)
    # Bars are marked by the lines that were read, somewhere on their height.
    assert _middle(code) == pytest.approx(expected, abs=5 if symbology in MATRICES else 110)


@pytest.mark.parametrize("symbology", KINDS)
def test_a_photo_from_the_side_is_read(symbology: Symbology) -> None:
    card = photos.aslant(photos.label(SAMPLES[symbology], symbology))
    assert _texts(photos.file(photos.table((card, (100, 200))))) == [SAMPLES[symbology]]


def test_codes_of_several_kinds_stand_on_one_photo_in_reading_order() -> None:
    cards = [
        (photos.label(f"{LINK}A"), (100, 100)),
        (photos.turned(photos.label(f"{LINK}B"), 20), (600, 90)),
        (photos.label(SAMPLES["gs1_datamatrix"], "gs1_datamatrix"), (120, 500)),
        (photos.label(SAMPLES["gs1_128"], "gs1_128"), (400, 520)),
        (photos.label(f"{LINK}C"), (100, 900)),
    ]
    assert _texts(photos.file(photos.table(*cards, size=(1_200, 1_150)))) == [
        f"{LINK}A", f"{LINK}B", SAMPLES["gs1_datamatrix"], SAMPLES["gs1_128"], f"{LINK}C",
    ]  # fmt: skip


def test_a_code_in_the_shadow_is_found_beside_one_in_the_light() -> None:
    cards = [(photos.label(f"{LINK}{n}"), (20 + n * 245, 300)) for n in range(4)]
    photo = photos.half_in_shadow(photos.table(*cards))
    assert _texts(photos.file(photo)) == [f"{LINK}{n}" for n in range(4)]


def test_the_same_code_twice_is_two_codes() -> None:
    cards = [(photos.label(f"{LINK}A"), (100, 100)), (photos.label(f"{LINK}A"), (700, 500))]
    assert _texts(photos.file(photos.table(*cards))) == [f"{LINK}A", f"{LINK}A"]


def test_a_picture_without_a_code_gives_none() -> None:
    found = read_picture(photos.file(photos.table()))
    assert (found.codes, found.faults, found.page_count) == ((), (), 1)


def test_fifty_codes_on_a_page_are_all_read_in_order() -> None:
    found = read_picture(sheet(10, 5))
    assert [code.text for code in found.codes] == [f"{LINK}{n:06}" for n in range(50)]
    assert found.faults == ()


def test_fifty_codes_on_a_scan_are_all_read() -> None:
    cards = [
        (photos.label(f"{LINK}{n:06}", module=3), (20 + n % 10 * 240, 20 + n // 10 * 240))
        for n in range(50)
    ]
    photo = photos.blurred(photos.table(*cards, size=(2_430, 1_220)), 0.8)
    assert sorted(_texts(photos.file(photo, "JPEG", quality=80))) == [
        f"{LINK}{n:06}" for n in range(50)
    ]


def test_pages_of_a_pdf_are_told_apart() -> None:
    found = read_picture(sheet(1, 2, pages=3))
    assert [(code.page, code.text[-1]) for code in found.codes] == [
        (1, "0"), (1, "1"), (2, "2"), (2, "3"), (3, "4"), (3, "5"),
    ]  # fmt: skip
    assert (found.page_count, [page.number for page in found.pages]) == (3, [1, 2, 3])


def test_pages_of_a_scan_are_told_apart() -> None:
    first, second = (photos.label(f"{LINK}{n}") for n in range(2))
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=[second])
    found = read_picture(out.getvalue())
    assert [(code.page, code.text) for code in found.codes] == [(1, f"{LINK}0"), (2, f"{LINK}1")]


def test_a_label_drawn_by_us_is_read_from_its_pdf() -> None:
    symbol = draw(SAMPLES["gs1_datamatrix"], symbology="gs1_datamatrix")
    pdf = formats.write(symbol, "pdf", sizing.fit(symbol.width, 8, 300))
    assert _texts(pdf) == [symbol.text]


def test_what_moves_shows_its_first_picture() -> None:
    first, second = (photos.label(f"{LINK}{n}") for n in range(2))
    out = io.BytesIO()
    first.save(out, "GIF", save_all=True, append_images=[second])
    assert _texts(out.getvalue()) == [f"{LINK}0"]


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_large_photo_is_made_smaller_and_still_read(form: str) -> None:
    photo = Image.new("L", (5_600, 4_200), 200)
    photo.paste(photos.label(SAMPLES["qr"], module=10), (3_000, 2_500))
    found = read_picture(photos.file(photo, form))
    (code,), (page,) = found.codes, found.pages
    assert code.text == SAMPLES["qr"]
    assert page.width * page.height <= opening.WORKING_PIXELS
    half = photos.label(SAMPLES["qr"], module=10).width / 2
    assert _middle(code)[0] / page.width == pytest.approx((3_000 + half) / 5_600, abs=0.01)


def test_a_preview_is_a_small_picture_of_each_page() -> None:
    found = read_picture(sheet(1, 2, pages=2), preview=600)
    for page in found.pages:
        with Image.open(io.BytesIO(page.preview)) as picture:
            assert (picture.format, max(picture.size)) == ("JPEG", 600)
            assert picture.width / picture.height == pytest.approx(
                page.width / page.height, rel=0.01
            )
    assert read_picture(sheet(1, 1)).pages[0].preview == b""
