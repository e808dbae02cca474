"""Files of symbols: of exactly the size asked for, and read back by a decoder."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from contextlib import closing

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from suyuan.core.carriers import Symbol, Symbology, draw, formats, sizing
from suyuan.core.carriers.formats import FORMATS, PictureTooLarge
from suyuan.core.carriers.sizing import Size
from tests.reading import codes_on_pdf, codes_on_png
from tests.unit.carriers.test_symbols import SAMPLES

KINDS = list(SAMPLES)
MM_OF_POINT = 25.4 / 72


def _symbol(symbology: Symbology) -> tuple[Symbol, Size]:
    symbol = draw(SAMPLES[symbology], symbology=symbology)
    return symbol, sizing.fit(symbol.width, 90 if symbology == "gs1_128" else 20, 300)


def _height_mm(symbol: Symbol, size: Size) -> float:
    return 31.75 if symbol.kind.bars else symbol.height * size.module_mm


def _rectangles(svg: str) -> tuple[ET.Element, list[tuple[float, float, float, float]]]:
    """Return the root and the (x, y, width, height) of each dark run."""
    root = ET.fromstring(svg)  # noqa: S314 - made here
    dark = next(path for path in root.iter() if path.attrib.get("fill") == "#000")
    number = r"(-?[\d.]+)"
    runs = re.findall(rf"M{number} {number}h{number}v{number}h-{number}z", dark.attrib["d"])
    assert "".join(f"M{x} {y}h{w}v{h}h-{b}z" for x, y, w, h, b in runs) == dark.attrib["d"]
    return root, [(float(x), float(y), float(w), float(h)) for x, y, w, h, _ in runs]


def _painted(rows: Iterable[tuple[float, float, float, float]], box: Sequence[float]) -> bytes:
    """Paint rectangles within (width, height) at eight pixels a unit, as a viewer would."""
    picture = Image.new("L", (round(box[0] * 8), round(box[1] * 8)), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, width, height in rows:
        pen.rectangle((x * 8, y * 8, (x + width) * 8 - 1, (y + height) * 8 - 1), fill=0)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("symbology", KINDS)
def test_an_svg_reads_back(symbology: Symbology) -> None:
    symbol, _size = _symbol(symbology)
    root, runs = _rectangles(formats.svg(symbol))
    box = [float(part) for part in root.attrib["viewBox"].split()[2:]]
    assert codes_on_png(_painted(runs, box)) == [symbol.text]


@pytest.mark.parametrize("symbology", KINDS)
def test_an_svg_says_its_size_in_mm(symbology: Symbology) -> None:
    symbol, size = _symbol(symbology)
    root, runs = _rectangles(formats.svg(symbol, module_mm=size.module_mm))
    width, height = (float(root.attrib[side].removesuffix("mm")) for side in ("width", "height"))
    assert width == pytest.approx(size.printed_mm, abs=1e-4)
    assert height == pytest.approx(_height_mm(symbol, size), abs=1e-4)
    box = [float(part) for part in root.attrib["viewBox"].split()[2:]]
    # One unit of the picture is one module, both ways.
    assert width / box[0] == pytest.approx(height / box[1], rel=1e-5)
    assert max(y + h for _x, y, _w, h in runs) <= box[1]


def test_an_svg_needs_no_style_and_escapes_its_title() -> None:
    svg = formats.svg(draw(SAMPLES["qr"]), title="<b>&")
    assert "&lt;b&gt;&amp;" in svg
    assert "style" not in svg
    assert 'role="img"' in svg
    assert "aria-hidden" in formats.svg(draw(SAMPLES["qr"]))


@pytest.mark.parametrize("dpi", sizing.RESOLUTIONS)
@pytest.mark.parametrize("symbology", KINDS)
def test_a_png_reads_back_and_names_its_resolution(symbology: Symbology, dpi: int) -> None:
    symbol = draw(SAMPLES[symbology], symbology=symbology)
    size = sizing.fit(symbol.width, 80, dpi)
    png = formats.write(symbol, "png", size)
    assert codes_on_png(png) == [symbol.text]
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.mode == "1"
        named = picture.info["dpi"]
        across, down = (
            side / resolution * 25.4 for side, resolution in zip(picture.size, named, strict=True)
        )
    assert across == pytest.approx(size.printed_mm, rel=1e-4)
    dot = 1 / sizing.dots_per_mm(dpi)
    assert down == pytest.approx(_height_mm(symbol, size), abs=dot)


def test_a_png_has_one_pixel_block_for_each_module() -> None:
    symbol = draw(SAMPLES["qr"])
    with Image.open(io.BytesIO(formats.png(symbol, module=5))) as picture:
        light = np.asarray(picture)
    assert (light[2::5, 2::5] == ~symbol.framed()).all()
    assert light.shape == (symbol.height * 5, symbol.width * 5)
    assert (np.kron(~symbol.framed(), np.ones((5, 5), dtype=np.bool_)) == light).all()


@pytest.mark.parametrize("module", [0, -1])
def test_a_module_has_a_size(module: int) -> None:
    with pytest.raises(ValueError, match="module"):
        formats.png(draw("a"), module=module)
    with pytest.raises(ValueError, match="module"):
        formats.svg(draw("a"), module=module)


def test_a_picture_that_no_printer_needs_is_refused() -> None:
    with pytest.raises(PictureTooLarge):
        formats.png(draw("x" * 1_000), module=64)


@pytest.mark.parametrize("symbology", KINDS)
def test_a_pdf_reads_back_at_its_exact_size(symbology: Symbology) -> None:
    symbol, size = _symbol(symbology)
    pdf = formats.write(symbol, "pdf", size)
    assert codes_on_pdf(pdf) == [[symbol.text]]
    with closing(pdfium.PdfDocument(pdf)) as document, closing(document[0]) as page:
        across, down = page.get_size()
    assert across * MM_OF_POINT == pytest.approx(size.printed_mm, abs=1e-3)
    assert down * MM_OF_POINT == pytest.approx(_height_mm(symbol, size), abs=1e-3)


def test_equal_requests_give_equal_files() -> None:
    symbol, size = _symbol("qr")
    for form in FORMATS:
        assert formats.write(symbol, form, size) == formats.write(symbol, form, size)


@pytest.mark.parametrize("symbology", KINDS)
def test_an_eps_says_its_exact_size(symbology: Symbology) -> None:
    symbol, size = _symbol(symbology)
    lines = formats.write(symbol, "eps", size).decode("ascii").splitlines()
    assert lines[0] == "%!PS-Adobe-3.0 EPSF-3.0"
    pairs = (line[2:].split(": ", 1) for line in lines if line.startswith("%%") and ": " in line)
    comments = dict(pairs)
    exact = [float(part) * MM_OF_POINT for part in comments["HiResBoundingBox"].split()[2:]]
    assert exact[0] == pytest.approx(size.printed_mm, abs=1e-3)
    assert exact[1] == pytest.approx(_height_mm(symbol, size), abs=1e-3)
    whole = [int(part) for part in comments["BoundingBox"].split()[2:]]
    assert all(
        -1e-6 <= box - part / MM_OF_POINT < 1 for box, part in zip(whole, exact, strict=True)
    )
    assert max(map(len, lines)) < 255  # DSC: the longest line of a comment


@pytest.mark.parametrize("symbology", KINDS)
def test_an_eps_reads_back_from_its_own_operators(symbology: Symbology) -> None:
    symbol, size = _symbol(symbology)
    text = formats.write(symbol, "eps", size).decode("ascii")
    # `n x y r` is a rectangle n by 1, from the lower left, in modules.
    runs = [
        tuple(map(int, run)) for run in re.findall(r"^(\d+) (\d+) (\d+) r$", text, re.MULTILINE)
    ]
    across, down = map(float, re.findall(r"^([\d.]+) ([\d.]+) scale ", text, re.MULTILINE)[0])
    tall = down / across
    rows = [(x, (symbol.height - y - 1) * tall, n, tall) for n, x, y in runs]
    assert codes_on_png(_painted(rows, [symbol.width, symbol.height * tall])) == [symbol.text]


@pytest.mark.skipif(shutil.which("gs") is None, reason="Ghostscript is not here")
@pytest.mark.parametrize("symbology", KINDS)
def test_an_eps_reads_back_through_ghostscript(symbology: Symbology) -> None:
    symbol, size = _symbol(symbology)
    command = [
        "gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dEPSCrop", "-r300",
        "-sDEVICE=pnggray", "-sOutputFile=-", "-",
    ]  # fmt: skip
    done = subprocess.run(
        command, input=formats.write(symbol, "eps", size), capture_output=True, check=True
    )
    assert codes_on_png(done.stdout) == [symbol.text]
    with Image.open(io.BytesIO(done.stdout)) as picture:
        assert picture.width == symbol.width * size.module_dots
