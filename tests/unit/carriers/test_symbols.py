"""Symbols: drawn by us, read by a decoder."""

from __future__ import annotations

import io

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from suyuan.core.carriers import KINDS, LEVELS, Symbology, TextDoesNotFit, draw, draw_many, formats
from suyuan.core.identifiers import (
    IdentifierError,
    Identity,
    Scheme,
    Sscc,
    check_digit,
    parse_elements,
)
from tests.reading import codes_on_png, seen_on

LINK = "https://t.example/01/09521234000013/21/7K3M0000000000"
ITEM = "(01)09521234000013(21)7K3M0000000000"
CASE = "(00)095212340000000013"
SAMPLES: dict[Symbology, str] = {
    "qr": LINK,
    "datamatrix": LINK,
    "gs1_datamatrix": ITEM,
    "gs1_128": CASE,
}
ASCII = st.characters(min_codepoint=32, max_codepoint=126)
# GS1's 82 characters, brackets among them.
CSET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
SERIALS = st.text(st.sampled_from(CSET_82), min_size=1, max_size=20)
GTINS = st.integers(1, 10**13 - 1).map(lambda n: f"{n:013}{check_digit(f'{n:013}')}")


def _plain(png: bytes) -> list[str]:
    picture = Image.open(io.BytesIO(png)).convert("L")
    found = zxingcpp.read_barcodes(np.asarray(picture), text_mode=zxingcpp.TextMode.Plain)
    return [code.text for code in found]


@pytest.mark.parametrize("symbology", list(SAMPLES))
def test_each_kind_reads_back(symbology: Symbology) -> None:
    text = SAMPLES[symbology]
    symbol = draw(text, symbology=symbology)
    assert symbol.text == text
    assert codes_on_png(formats.png(symbol, module=3)) == [text]


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_reads_back(level: str) -> None:
    assert codes_on_png(formats.png(draw(LINK, level=level), module=3)) == [LINK]  # type: ignore[arg-type]


def test_a_higher_level_takes_more_modules() -> None:
    assert draw(LINK, level="H").width > draw(LINK, level="L").width


@pytest.mark.parametrize(
    ("symbology", "identifier", "gs1"),
    [
        ("qr", "]Q", False),
        ("datamatrix", "]d", False),
        ("gs1_datamatrix", "]d", True),
        ("gs1_128", "]C", True),
    ],
)
def test_only_gs1_kinds_say_that_elements_are_in_them(
    symbology: Symbology, identifier: str, gs1: bool
) -> None:
    png = formats.png(draw(SAMPLES[symbology], symbology=symbology), module=3)
    (seen,) = seen_on(Image.open(io.BytesIO(png)))
    assert (seen.symbology, seen.gs1) == (identifier, gs1)


def test_fnc1_stands_between_elements_of_any_length_only() -> None:
    text = "(01)09521234000013(10)L1(17)270101(21)7K3M"
    assert _plain(formats.png(draw(text, symbology="gs1_datamatrix"), module=3)) == [
        "010952123400001310L1\x1d17270101217K3M"
    ]


def test_an_element_string_may_come_as_a_scanner_sends_it() -> None:
    symbol = draw("]d20109521234000013217K3M\x1d10L1", symbology="gs1_datamatrix")
    assert symbol.text == "(01)09521234000013(21)7K3M(10)L1"


@pytest.mark.parametrize("symbology", ["datamatrix", "gs1_datamatrix"])
def test_a_datamatrix_is_square(symbology: Symbology) -> None:
    rows, columns = draw(SAMPLES[symbology], symbology=symbology).modules.shape
    assert rows == columns


@pytest.mark.parametrize("symbology", list(SAMPLES))
def test_the_quiet_zone_is_light_and_as_wide_as_the_standard_asks(symbology: Symbology) -> None:
    symbol = draw(SAMPLES[symbology], symbology=symbology)
    kind = KINDS[symbology]
    framed = symbol.framed()
    assert framed.shape == (symbol.height, symbol.width)
    assert framed.sum() == symbol.modules.sum()
    inside = framed[kind.ends : symbol.height - kind.ends, kind.side : symbol.width - kind.side]
    assert (inside == symbol.modules).all()
    # Nothing of the symbol is lost in its own edge: it begins and ends with a dark module.
    assert inside.any(axis=0)[[0, -1]].all()


def test_packed_rows_are_the_framed_modules_with_dark_as_zero() -> None:
    symbol = draw(LINK)
    rows = np.frombuffer(symbol.packed(), dtype=np.uint8).reshape(symbol.height, -1)
    bits = np.unpackbits(rows, axis=1)[:, : symbol.width]
    assert (bits == ~symbol.framed()).all()


@pytest.mark.parametrize("text", ["", "x" * 1001, "溯源", "a\nb", "\x7f"])
@pytest.mark.parametrize("symbology", ["qr", "datamatrix"])
def test_a_text_that_readers_guess_at_is_refused(text: str, symbology: Symbology) -> None:
    with pytest.raises(TextDoesNotFit) as refusal:
        draw(text, symbology=symbology)
    assert (refusal.value.code, refusal.value.data) == ("symbol_text", {"longest": 1_000})


def test_the_longest_text_fits_at_the_highest_level() -> None:
    text = "x" * 1_000
    assert codes_on_png(formats.png(draw(text, level="H"), module=2)) == [text]
    assert codes_on_png(formats.png(draw(text, symbology="datamatrix"), module=3)) == [text]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(01)09521234000014", "gtin_check_digit"),
        ("(00)095212340000000019", "sscc_check_digit"),
        ("(10)L1", "element_no_key"),
        ("https://t.example/x", "element_unknown_ai"),
        ("(01)09521234000013(21)", "element_malformed"),
        ("", "symbol_text"),
        ("(01)09521234000013(21)七", "symbol_text"),
        ("x" * 1_001, "symbol_text"),
    ],
)
def test_an_element_string_that_names_nothing_is_refused(text: str, code: str) -> None:
    with pytest.raises((IdentifierError, TextDoesNotFit)) as refusal:
        draw(text, symbology="gs1_datamatrix")
    assert getattr(refusal.value, "code", "") == code


def test_an_element_of_a_wrong_length_is_refused() -> None:
    with pytest.raises(TextDoesNotFit):
        draw("(01)09521234000013(17)27", symbology="gs1_datamatrix")


def test_bars_hold_as_many_characters_as_gs1_allows_and_no_more() -> None:
    # 16 of the product's number, 10 and its twenty, a separator, 21 and the rest: 48 in all.
    head = "(01)09521234000013(10)" + "A" * 20 + "(21)"
    full = draw(head + "B" * 7, symbology="gs1_128")
    assert codes_on_png(formats.png(full, module=2)) == [full.text]
    with pytest.raises(TextDoesNotFit) as refusal:
        draw(head + "B" * 8, symbology="gs1_128")
    assert refusal.value.data == {"longest": 48}


def test_an_element_string_has_a_length_that_readers_manage() -> None:
    parts = "".join(f"({ai}){'x' * 90}" for ai in range(91, 96))
    with pytest.raises(TextDoesNotFit) as refusal:
        draw(f"(01)09521234000013{parts}", symbology="gs1_datamatrix")
    assert refusal.value.data == {"longest": 400}


def test_many_are_drawn_as_one_is() -> None:
    texts = [f"{LINK}{n}" for n in range(20)]
    for one, text in zip(draw_many(iter(texts)), texts, strict=True):
        assert (one.modules == draw(text).modules).all()


def test_many_are_drawn_as_they_are_asked_for() -> None:
    symbols = draw_many(["a", ""])
    assert next(symbols).text == "a"
    with pytest.raises(TextDoesNotFit):
        next(symbols)


@settings(max_examples=40)
@given(st.text(ASCII, min_size=1, max_size=90), st.sampled_from(LEVELS))
def test_any_ascii_text_reads_back_from_a_qr_code(text: str, level: str) -> None:
    assert _plain(formats.png(draw(text, level=level), module=3)) == [text]  # type: ignore[arg-type]


@settings(max_examples=40)
@given(st.text(ASCII, min_size=1, max_size=90))
def test_any_ascii_text_reads_back_from_a_datamatrix(text: str) -> None:
    assert _plain(formats.png(draw(text, symbology="datamatrix"), module=3)) == [text]


@settings(max_examples=60)
@given(GTINS, SERIALS)
def test_any_serial_reads_back_from_a_gs1_datamatrix(gtin: str, serial: str) -> None:
    identity = Identity(Scheme.SGTIN, gtin, serial)
    symbol = draw(identity.element_string(), symbology="gs1_datamatrix")
    (raw,) = _plain(formats.png(symbol, module=3))
    assert parse_elements(raw) == parse_elements(symbol.text) == identity


@settings(max_examples=25)
@given(st.integers(0, 9), st.integers(0, 10**9 - 1))
def test_any_case_number_reads_back_from_bars(extension: int, number: int) -> None:
    identity = Identity(Scheme.SSCC, Sscc.build("9521234", extension, number).value)
    symbol = draw(identity.element_string(), symbology="gs1_128")
    (raw,) = _plain(formats.png(symbol, module=2))
    assert parse_elements(raw) == identity
