"""How texts stand in their boxes, and what is made of hostile ones."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.core.labels import fonts
from suyuan.core.labels.design import (
    MM_PER_PT,
    BoxElement,
    CodeElement,
    Design,
    LineElement,
    TextElement,
)
from suyuan.core.labels.faults import LabelFault
from suyuan.core.labels.fields import EXAMPLE_JOB, EXAMPLE_LABEL, JobData, LabelData
from suyuan.core.labels.fill import Filler, layers
from suyuan.core.labels.fonts import MISSING, ROUGH, Face, load
from suyuan.core.labels.setting import LEAST_SHARE, Setting, clean, set_text

TEN = 10 * MM_PER_PT  # a Chinese character of ten points, in mm
no_start = st.sampled_from("，。、；：？！）》」』】〉〕”’…％℃")
no_end = st.sampled_from("（《「『【〈〔“‘￥")
anything = st.text(
    st.one_of(st.sampled_from("茶叶明前龙井 ABC abc 012-/,"), no_start, no_end), max_size=60
)


def setting(text: str, characters: float, lines: int = 9, *, whole: bool = False) -> Setting:
    element = TextElement(0, 0, characters * TEN + 0.001, text, size_pt=10, lines=lines)
    return set_text(element, text, ROUGH, whole=whole)


def lines(text: str, characters: float, most: int = 9) -> list[str]:
    return [line for _, _, line in setting(text, characters, most).lines]


def test_chinese_breaks_between_any_two_characters() -> None:
    assert lines("明前龙井茶特级", 3) == ["明前龙", "井茶特", "级"]


def test_closing_signs_begin_no_line_and_opening_ones_end_none() -> None:
    assert lines("明前龙，井茶", 3) == ["明前", "龙，井", "茶"]
    assert lines("明前（龙井）", 3) == ["明前", "（龙", "井）"]
    assert lines("25℃以下", 2.5) == ["25℃", "以下"]


def test_latin_words_break_at_spaces_and_hyphens_and_lose_the_space() -> None:
    assert lines("dry and cool", 4.6) == ["dry and", "cool"]
    assert lines("well-kept tea", 4) == ["well-", "kept", "tea"]


def test_word_wider_than_the_line_breaks_where_the_line_is_full() -> None:
    assert lines("https://id.cn/0123", 4) == ["https:/", "/id.cn/", "0123"]


def test_cut_falls_on_the_last_line_that_there_is_room_for() -> None:
    found = setting("明前龙井茶特级礼盒装，产地直发", 3, 2)
    assert found.cut
    assert len(found.lines) == 2
    assert found.lines[0][2] == "明前龙井"  # at a smaller size
    narrow = setting("茶叶茶叶", 0.3, 1)
    assert [line for _, _, line in narrow.lines] == ["…"]
    words = setting("tea and more tea for you\nand me", 5, 1)
    assert [line for _, _, line in words.lines] == ["tea and more…"]


def test_line_breaks_of_the_design_are_kept() -> None:
    assert lines("茶\n\n叶", 5) == ["茶", "", "叶"]


@settings(max_examples=200)
@given(anything, st.floats(2, 12))
def test_broken_text_loses_nothing_but_spaces_and_no_line_is_too_wide(
    text: str, characters: float
) -> None:
    found = setting(text, characters, 200)
    assert "".join(line for _, _, line in found.lines).replace(" ", "") == text.replace(" ", "")
    assert all(width <= characters * TEN + 0.01 for _, width, _ in found.lines)


@settings(max_examples=200)
@given(st.text(st.one_of(st.sampled_from("茶叶明前龙井"), no_start, no_end), max_size=40))
def test_no_line_begins_or_ends_with_a_sign_that_must_not_unless_it_is_full(text: str) -> None:
    for previous, line in pairwise(lines(text, 12, 200)):
        if line and line[0] in "，。、；：？！）》」』】〉〕":
            assert len(previous) >= 11  # a run of signs longer than a line


def test_text_shrinks_before_it_is_cut_and_says_so() -> None:
    whole = setting("明前龙井茶", 4, 1)
    assert not whole.cut
    assert 10 * LEAST_SHARE <= whole.size_pt < 10
    assert [line for _, _, line in whole.lines] == ["明前龙井茶"]
    cut = setting("明前龙井茶特级礼盒装", 4, 1)
    assert cut.cut
    [(_, _, shown)] = cut.lines
    assert shown.endswith("…")
    assert "明前龙井茶特级礼盒装".startswith(shown[:-1])


def test_text_that_means_one_thing_only_is_never_cut() -> None:
    found = setting("7K3M9QW2XT5VBN", 1.5, 1, whole=True)
    assert not found.cut
    assert [line for _, _, line in found.lines] == ["7K3M9QW2XT5VBN"]
    assert found.size_pt < 10 * LEAST_SHARE


@pytest.mark.parametrize(("align", "offset"), [("left", 0), ("center", 1), ("right", 2)])
def test_lines_stand_where_they_are_aligned(align: str, offset: float) -> None:
    element = TextElement(0, 0, TEN * 5, "", size_pt=10, align=align, lines=3)  # type: ignore[arg-type]
    found = set_text(element, "茶叶茶\n茶叶茶", ROUGH, whole=False)
    assert [left for left, _, _ in found.lines] == pytest.approx([offset * TEN] * 2)


def test_baselines_follow_the_size() -> None:
    found = setting("茶\n叶", 4)
    assert found.baseline(1) - found.baseline(0) == pytest.approx(1.25 * TEN)
    assert 0 < found.baseline(0) < TEN


@given(st.text(max_size=200))
def test_cleaned_text_has_no_control_and_can_be_written(text: str) -> None:
    found = clean(text)
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in found)
    assert not set("\u202a\u202e\u2066\u2028\ufeff") & set(found)
    found.encode()
    assert clean(found) == found


def test_ordinary_text_is_left_as_it_is_and_endless_text_is_cut() -> None:
    assert clean("明前龙井茶 Tea 25℃") == "明前龙井茶 Tea 25℃"
    assert clean("a\r\n\tb\x00\u202ec") == "a b c"
    assert len(clean("茶" * 100_000)) == 2_000


# ---------------------------------------------------------------- fonts


def test_font_has_chinese_digits_and_signs_of_food_labels() -> None:
    typeface = load()
    assert typeface.lacking("溯源 0123456789 ABC abc ，。（）《》％℃±≤≥®©№㎡μ×°") == []
    assert not typeface.rough


def test_chinese_is_an_em_wide_and_digits_are_alike() -> None:
    typeface = load()
    assert typeface.width("茶") == pytest.approx(1000, abs=60)
    assert len({typeface.width(digit) for digit in "0123456789"}) == 1
    assert typeface.width("茶1") == typeface.width("茶") + typeface.width("1")


def test_unknown_characters_and_right_to_left_scripts_are_lacking() -> None:
    typeface = load()
    assert typeface.lacking("茶\U00020bb7אعא") == ["\U00020bb7", "א", "ع"]
    assert typeface.runs("茶א") == [(0, "茶" + MISSING)]


def test_missing_fonts_are_named_with_what_to_install() -> None:
    with pytest.raises(LabelFault) as caught:
        fonts._load("", (Path("/nowhere.ttf"),), fonts.LATIN)
    assert caught.value.code == "font_missing"
    assert "fonts-wqy-microhei" in str(caught.value.data["packages"])


@pytest.mark.parametrize("path", [fonts.LATIN[1], Path("/nowhere.ttf"), Path(__file__)])
def test_font_without_chinese_is_unusable(path: Path) -> None:
    with pytest.raises(LabelFault) as caught:
        load(str(path))
    assert (caught.value.code, caught.value.data["path"]) == ("font_unusable", str(path))


def test_font_of_ones_own_goes_first() -> None:
    own = fonts.CHINESE[1]
    assert load(str(own)).faces[0] == Face(str(own))


def test_without_even_a_square_a_character_is_left_to_the_first_face() -> None:
    latin = fonts.Typeface((Face(str(fonts.LATIN[2])),))
    assert latin.place("茶")[0] == -1
    broken = fonts.Typeface((Face("/nowhere.ttf"),))
    assert broken.place(MISSING) == (-1, 1000.0)
    assert broken.runs("茶") == [(0, MISSING)]


# ---------------------------------------------------------------- filling


def test_elements_string_has_what_is_known_fixed_lengths_first() -> None:
    element = CodeElement(0, 0, 20, "gs1_datamatrix", "elements")
    design = Design(50, 30, (element,))

    def code(label: LabelData, job: JobData) -> str:
        return Filler(design, job, ROUGH).code(element, label)

    gtin = "06901234567892"
    assert code(LabelData(serial="A(1"), JobData(gtin=gtin)) == rf"(01){gtin}(21)A\(1"
    assert code(LabelData(), JobData(gtin=gtin, lot="L1")) == f"(01){gtin}(10)L1"
    shown = code(LabelData(serial="S", lot="L2"), JobData(gtin=gtin, expires="2027-10-31"))
    assert shown == f"(01){gtin}(17)271031(10)L2(21)S"
    assert "(17)" not in code(LabelData(serial="S"), JobData(gtin=gtin, expires="见瓶盖"))
    for label, job, missing in (
        (LabelData(serial="S"), JobData(), "gtin"),
        (LabelData(), JobData(gtin=gtin), "serial"),
    ):
        with pytest.raises(LabelFault) as caught:
            code(label, job)
        assert caught.value.data == {"value": missing}


@pytest.mark.parametrize("content", ["link", "inner", "inner_link", "epc", "sscc"])
def test_code_without_its_value_is_refused_by_name(content: str) -> None:
    symbology = "gs1_128" if content == "sscc" else "qr"
    element = CodeElement(0, 0, 30, symbology, content)  # type: ignore[arg-type]
    with pytest.raises(LabelFault) as caught:
        Filler(Design(50, 30, (element,)), EXAMPLE_JOB, ROUGH).code(element, LabelData())
    assert caught.value.data == {"value": content}


def test_values_are_cleaned_and_remembered_settings_are_alike() -> None:
    element = TextElement(0, 0, 40, "{note}:{roll}")
    filler = Filler(Design(50, 30, (element,)), JobData(note="a\nb"), ROUGH)
    text = filler.text(element, LabelData(roll="\x1bR"))
    assert text == "a b: R"
    assert filler.setting(element, text) is filler.setting(element, text)


def test_what_is_shared_moves_ahead_unless_it_lies_over_a_value() -> None:
    code, value = CodeElement(0, 0, 20), TextElement(25, 0, 20, "{serial}")
    apart, over = LineElement(0, 29, 50), BoxElement(26, 0, 5, 5, filled=True)
    found = layers(Design(50, 30, (code, apart, value, over, code)))
    assert [(layer.shared, layer.elements) for layer in found] == [
        (True, (apart,)),
        (False, (code, value)),
        (True, (over,)),
        (False, (code,)),
    ]
    assert layers(Design(50, 30, (code,)))[0].shared is False
    assert EXAMPLE_LABEL.link
