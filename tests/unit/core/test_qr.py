"""QR codes, read back by a decoder."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from suyuan.core.carriers import qr

LINK = "https://t.example/01/09521234000013/21/7K3M0000000000"


def _read(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(np.asarray(picture.convert("L")))]


def _paint(svg: str, module: int) -> Image.Image:
    """Draw the rectangles of our SVG's path, as a browser would."""
    root = ET.fromstring(svg)  # noqa: S314 - made here
    size = int(root.attrib["viewBox"].split()[2])
    picture = Image.new("L", (size * module, size * module), 255)
    draw = ImageDraw.Draw(picture)
    dark = [path for path in root.iter() if path.attrib.get("fill") == "#000"]
    for run in dark[0].attrib["d"].removeprefix("M").split("M"):
        at, width = run.split("v")[0].split("h")
        x, y = (int(number) * module for number in at.split())
        draw.rectangle((x, y, x + int(width) * module - 1, y + module - 1), fill=0)
    return picture


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
def test_a_png_reads_back(level: qr.Level) -> None:
    picture = Image.open(io.BytesIO(qr.draw(LINK, level=level).png(module=3)))
    assert _read(picture) == [LINK]


def test_an_svg_reads_back() -> None:
    assert _read(_paint(qr.draw(LINK).svg(), 4)) == [LINK]


def test_four_light_modules_stand_on_every_side() -> None:
    code = qr.draw(LINK)
    pixels = np.asarray(Image.open(io.BytesIO(code.png(module=1))))
    inside = pixels[4:-4, 4:-4]
    assert pixels.shape == (code.size, code.size)
    assert pixels.sum() - inside.sum() == pixels.size - inside.size
    assert (inside == ~code.modules).all()


def test_a_higher_level_takes_more_modules() -> None:
    assert qr.draw(LINK, level="H").size > qr.draw(LINK, level="L").size


def test_a_title_is_escaped_and_needs_no_style() -> None:
    svg = qr.draw(LINK).svg(title="<b>&")
    assert "&lt;b&gt;&amp;" in svg
    assert "style" not in svg
    ET.fromstring(svg)  # noqa: S314 - made here


@pytest.mark.parametrize("text", ["", "x" * 1001, "溯源", "a\nb"])
def test_a_text_that_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(qr.TextDoesNotFit):
        qr.draw(text)


@pytest.mark.parametrize("module", [0, 65, -1])
def test_a_module_has_a_size(module: int) -> None:
    with pytest.raises(ValueError, match="module"):
        qr.draw(LINK).svg(module=module)


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=90))
def test_any_ascii_text_reads_back(text: str) -> None:
    picture = Image.open(io.BytesIO(qr.draw(text).png(module=3)))
    found = zxingcpp.read_barcodes(
        np.asarray(picture.convert("L")), text_mode=zxingcpp.TextMode.Plain
    )
    assert [code.text for code in found] == [text]
