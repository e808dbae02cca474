"""Sentences are found wherever they are marked, and catalogues are held to their rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from scripts import messages

_PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the program look at a package of the test's own."""
    monkeypatch.setattr(messages, "_ROOT", tmp_path)
    monkeypatch.setattr(messages, "_PACKAGE", tmp_path)
    return tmp_path


def catalogue(package: Path, area: str, entries: str) -> Path:
    """Write an area's catalogue."""
    path = package / "locale" / area / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(_PO + entries, encoding="utf-8")
    return path


def test_sentences_are_found_in_templates_however_they_are_indented(package: Path) -> None:
    (package / "page.html").write_text(
        '{% load i18n %}\n<div>\n    <p>{% translate "One" %}</p>\n'
        "  {% blocktranslate trimmed count n=n %}\n   {{ n }} lot\n"
        "  {% plural %}\n   {{ n }} lots\n"
        '  {% endblocktranslate %}\n{% translate "Lot" context "goods" %}</div>\n',
        encoding="utf-8",
    )
    found = [(item.context, item.text, item.plural) for item in messages.sentences()]
    assert found == [(None, "One", ""), (None, "%(n)s lot", "%(n)s lots"), ("goods", "Lot", "")]


def test_sentences_are_found_in_python_with_their_place(package: Path) -> None:
    (package / "code.py").write_text('x = 1\ny = pgettext_lazy("role", "Owner")\n')
    [found] = messages.sentences()
    assert (found.context, found.text, found.place) == ("role", "Owner", "code.py:2")


def test_a_sentence_without_chinese_fails_the_check(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (package / "code.py").write_text('x = _("Open")\n')
    catalogue(package, "one", 'msgid "Open"\nmsgstr ""\n')
    assert messages.check() == 1
    assert capsys.readouterr().out == "code.py:1: no Chinese for 'Open'\n"


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ('#, fuzzy\nmsgid "%(n)s lots"\nmsgstr "%(n)s 个批次"\n', "no Chinese"),
        ('msgid "%(n)s lots"\nmsgstr "批次"\n', "other placeholders"),
        ('msgid "%(n)s lots"\nmsgstr "%(m)s 个批次"\n', "other placeholders"),
    ],
)
def test_a_translation_that_cannot_be_trusted_fails_the_check(
    package: Path, capsys: pytest.CaptureFixture[str], entries: str, fault: str
) -> None:
    (package / "code.py").write_text('x = _("%(n)s lots")\n')
    catalogue(package, "one", entries)
    assert messages.check() == 1
    assert fault in capsys.readouterr().out


def test_two_areas_may_not_translate_one_sentence_differently(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue(package, "one", 'msgid "Case"\nmsgstr "箱"\n')
    catalogue(package, "two", 'msgid "Case"\nmsgstr "案件"\n')
    assert messages.check() == 1
    assert "give one of them a context" in capsys.readouterr().out


def test_a_catalogue_is_compiled_once_and_read_back(package: Path) -> None:
    source = catalogue(package, "one", 'msgid "Case"\nmsgstr "箱"\n')
    assert messages.compile_catalogues() == 1
    assert messages.compile_catalogues() == 0
    with source.with_suffix(".mo").open("rb") as file:
        assert read_mo(file)["Case"].string == "箱"
