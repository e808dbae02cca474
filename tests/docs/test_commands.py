"""What the documentation tells people to type works.

A fenced block marked `sh test` runs with `sh -e` in an empty folder, with the product's programs on
PATH and a data folder of its own; what a following block marked `text output` holds must be in what
it prints, line by line, where `…` stands for anything.
"""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
_BLOCK = re.compile(
    r"^```sh test\n(?P<commands>.*?)^```\n(?:\s*^```text output\n(?P<output>.*?)^```\n)?",
    re.MULTILINE | re.DOTALL,
)

_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """Commands as a page shows them, and what they are said to print."""

    place: str
    commands: str
    output: str


def pages() -> list[Path]:
    """Return every page that people read."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def blocks_of(text: str, name: str) -> list[Block]:
    """Return the runnable blocks of a page."""
    return [
        Block(
            place=f"{name}:{text.count('\n', 0, found.start()) + 1}",
            commands=found["commands"],
            output=found["output"] or "",
        )
        for found in _BLOCK.finditer(text)
    ]


def documented() -> list[Block]:
    """Return the runnable blocks of every page."""
    return [
        block
        for page in pages()
        for block in blocks_of(page.read_text(encoding="utf-8"), page.relative_to(ROOT).as_posix())
    ]


def matches(expected: str, line: str) -> bool:
    """Tell whether a printed line is the documented one, `…` standing for anything."""
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("…"))
    return re.fullmatch(pattern, line.strip()) is not None


@pytest.mark.parametrize("block", documented(), ids=lambda block: block.place)
def test_documented_commands_do_what_the_page_says(block: Block, tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("SUYUAN_")
    } | {
        "PATH": f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}",
        "SUYUAN_DATA_DIR": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "suyuan.config.settings",
    }
    done = subprocess.run(
        ["sh", "-e", "-c", block.commands.replace(".venv/bin/", "")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed = done.stdout.splitlines()
    for expected in block.output.splitlines():
        assert any(matches(expected, line) for line in printed), f"not printed: {expected}"


def test_a_block_is_found_with_its_line_and_its_output() -> None:
    page = "# Page\n\n```sh test\necho one\n```\n\n```text output\no…e\n```\n\n```sh\nfalse\n```\n"
    assert blocks_of(page, "page.md") == [Block("page.md:3", "echo one\n", "o…e\n")]


def test_an_ellipsis_stands_for_anything_within_one_line() -> None:
    assert matches("stored … events", "stored 12 events")
    assert not matches("stored … events", "stored 12 items")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(
        r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    targets = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", text)
    lost = [target for target in targets if not (page.parent / target).exists()]
    assert lost == []
