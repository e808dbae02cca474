"""Templates of notices: what is shipped can be filled; what cannot be filled is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.kernel.errors import Invalid
from suyuan.recalls.notices.shipped import SHIPPED
from suyuan.recalls.notices.templates import (
    LANGUAGES,
    LONGEST_SHORT,
    NAMES,
    PLACEHOLDERS,
    Words,
    check_words,
    fill,
)

FACTS = {name: f"<{name}>" for name in PLACEHOLDERS}


def test_every_template_is_shipped_in_every_language_and_sound() -> None:
    assert set(SHIPPED) == {(name, language) for name in NAMES for language in LANGUAGES}
    for (name, _language), words in SHIPPED.items():
        check_words(name, Words(*words))
        filled = fill(Words(*words), FACTS)
        assert "<link>" in filled.body
        assert "{" not in filled.body


@pytest.mark.parametrize(
    ("body", "code", "line", "column"),
    [
        ("{link}\n{nme}", "notice_placeholder_unknown", 2, 1),
        ("{link} {", "brace_alone", 1, 8),
        ("x}\n{link}", "brace_alone", 1, 2),
        ("{link}{ name}", "notice_placeholder_unknown", 1, 7),
        ("{link}{}", "notice_placeholder_unknown", 1, 7),
        ("{link}{name!r}", "notice_placeholder_unknown", 1, 7),
        ("{link}{name.__class__}", "notice_placeholder_unknown", 1, 7),
        ("{{link}", "brace_alone", 1, 7),
    ],
)
def test_fault_is_named_with_its_place(body: str, code: str, line: int, column: int) -> None:
    with pytest.raises(Invalid) as caught:
        check_words("buyer", Words("s", body))
    assert caught.value.code == code
    assert (caught.value.data["line"], caught.value.data["column"]) == (line, column)


@pytest.mark.parametrize(
    ("name", "words", "code"),
    [
        ("buyer", Words("", "{link}"), "template_required"),
        ("buyer", Words("s", ""), "template_required"),
        ("buyer", Words("s", "no way to answer"), "link_missing"),
        ("short", Words("", "{link}" + "x" * LONGEST_SHORT), "template_too_long"),
        ("buyer", Words("s" * 201, "{link}"), "template_too_long"),
    ],
)
def test_what_nobody_could_answer_is_refused(name: str, words: Words, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_words(name, words)
    assert caught.value.code == code


def test_line_of_which_nothing_is_known_is_left_out() -> None:
    facts = FACTS | {"hotline": "", "waybill": ""}
    words = Words("s", "a\ncall {hotline}\n{order}, {waybill}\n{link}")
    assert fill(words, facts).body == "a\n<order>, —\n<link>"


def test_subject_stays_on_one_line_whatever_is_filled_in() -> None:
    filled = fill(Words("{title}", "{link}"), FACTS | {"title": "a\r\nBcc: all@example.com"})
    assert filled.subject == "a Bcc: all@example.com"


@given(st.text(max_size=60))
def test_what_is_filled_in_is_not_filled_again(value: str) -> None:
    line = value.replace("\n", " ")
    filled = fill(Words("s", "{reason}{link}"), FACTS | {"reason": line})
    assert filled.body == f"{line or '—'}<link>"


def test_braces_are_written_doubled() -> None:
    assert fill(Words("s", "{{name}} {link}"), FACTS).body == "{name} <link>"
