"""Translations without the gettext tools: compile, check and list them with Babel.

    python scripts/messages.py compile   every django.po beside its django.mo, when newer
    python scripts/messages.py check     fail on a sentence without Chinese, or with a wrong one
    python scripts/messages.py extract   print what has no Chinese yet, ready to paste into a .po

Owns: how sentences are found in Python and in templates, and what makes a catalogue sound.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

_ROOT = Path(__file__).resolve().parent.parent
_PACKAGE = _ROOT / "src" / "suyuan"
_LANGUAGE = "zh_Hans"
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
_SKIPPED = {"migrations", "static", "locale"}

type _Value = str | tuple[str, ...] | list[str] | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as the code says it, and one place where it does."""

    text: str
    plural: str
    context: str | None
    place: str

    @property
    def key(self) -> tuple[str | None, str]:
        """What a catalogue finds it by."""
        return self.context, self.text


def _name(path: Path) -> str:
    return path.relative_to(_ROOT).as_posix()


def catalogue_paths() -> list[Path]:
    """Return every catalogue of the product."""
    return sorted(_PACKAGE.glob(f"locale/*/{_LANGUAGE}/LC_MESSAGES/django.po"))


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=_LANGUAGE, abort_invalid=True)


def _source(path: Path) -> bytes:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.encode()
    # Django blanks all but the sentences and leaves calls of gettext; the layout that remains is
    # no Python, so indentation goes too.
    lines = templatize(text, origin=str(path)).splitlines()
    return "\n".join(line.lstrip() for line in lines).encode()


def sentences() -> Iterator[Sentence]:
    """Find every sentence marked for translation, in Python and in templates."""
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or _SKIPPED & set(path.parts):
            continue
        found = extract("python", BytesIO(_source(path)), keywords=_KEYWORDS)
        for line, texts, _comments, context in found:
            text, plural = texts[:2] if isinstance(texts, tuple) else (texts, "")
            if text:
                yield Sentence(text, plural, context, f"{_name(path)}:{line}")


def compile_catalogues() -> int:
    """Write each .mo that is older than its .po; return how many were written."""
    written = 0
    for source in catalogue_paths():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with target.open("wb") as file:
            write_mo(file, _read(source))
        written += 1
    return written


def _texts(value: _Value) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _placeholders(value: _Value) -> set[str]:
    found: set[str] = set()
    for text in _texts(value):
        found |= {named or f"{{{braced}}}" for named, braced in _PLACEHOLDER.findall(text)}
    return found


def _translated(message: Message) -> bool:
    texts = _texts(message.string)
    return bool(message.id) and not message.fuzzy and bool(texts) and all(texts)


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, _texts(message.id)[0]


def _translations() -> tuple[dict[tuple[str | None, str], Message], list[str]]:
    """Read every catalogue; return what is translated and what is wrong in them."""
    known: dict[tuple[str | None, str], tuple[Message, str]] = {}
    faults: list[str] = []
    for path in catalogue_paths():
        for message in _read(path):
            if not _translated(message):
                continue
            place = f"{_name(path)}:{message.lineno}"
            if _placeholders(message.id) != _placeholders(message.string):
                faults.append(f"{place}: other placeholders than {_texts(message.id)[0]!r}")
            first = known.setdefault(_key(message), (message, place))
            if first[0].string != message.string:
                faults.append(
                    f"{place}: {_texts(message.id)[0]!r} has other Chinese in {first[1]}; "
                    "give one of them a context"
                )
    return {key: message for key, (message, _place) in known.items()}, faults


def _missing() -> tuple[list[Sentence], list[str]]:
    known, faults = _translations()
    missing: dict[tuple[str | None, str], Sentence] = {}
    for sentence in sentences():
        if sentence.key not in known:
            missing.setdefault(sentence.key, sentence)
    return list(missing.values()), faults


def check() -> int:
    """Print every fault; return 1 when there is one."""
    missing, faults = _missing()
    faults += [f"{sentence.place}: no Chinese for {sentence.text!r}" for sentence in missing]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def print_missing() -> None:
    """Print what has no Chinese yet as entries of a catalogue."""
    catalogue = Catalog()
    for sentence in _missing()[0]:
        place, _, line = sentence.place.rpartition(":")
        key = (sentence.text, sentence.plural) if sentence.plural else sentence.text
        catalogue.add(key, context=sentence.context, locations=[(place, int(line))])
    buffer = BytesIO()
    write_po(buffer, catalogue, omit_header=True)
    sys.stdout.write(buffer.getvalue().decode())


def main() -> int:
    """Run the command that was named."""
    parser = argparse.ArgumentParser(description="Compile and check the translations.")
    parser.add_argument("command", choices=["compile", "check", "extract"])
    command = parser.parse_args().command
    settings.configure(USE_I18N=True)  # templatize asks for nothing else
    if command == "compile":
        if written := compile_catalogues():
            print(f"Compiled {written} catalogues")
        return 0
    if command == "check":
        return check()
    print_missing()
    return 0


if __name__ == "__main__":
    sys.exit(main())
