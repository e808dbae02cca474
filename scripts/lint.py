"""Run every check of the sources, then say which failed.

Owns: the list of checks, and the few small ones that no library has.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_PACKAGE = _ROOT / "src" / "suyuan"
_BIN = Path(sysconfig.get_path("scripts"))

type Check = list[str] | Callable[[], list[str]]

# Names that say where code was put, not what it owns.
_SHAPELESS = {"utils.py", "helpers.py", "common.py", "signals.py", "misc.py"}
_ADDRESS = re.compile(r"https?://|--(?:extra-)?index-url")
_FAR = re.compile(r'"resolved": "[^"]*:')
# The content security policy refuses all three, so a page that has one is broken, not untidy.
_INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>"
    r"|<style\b|\sstyle=[\"']|\son[a-z]+=[\"']",
    re.IGNORECASE,
)


def _name(path: Path) -> str:
    return path.relative_to(_ROOT).as_posix()


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    return enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)


def lock_files() -> list[str]:
    """Lock files carry versions and hashes, and no address to download from."""
    faults = []
    for path in sorted(_ROOT.glob("requirements*.txt")):
        faults += [
            f"{_name(path)}:{n}: {text}" for n, text in _lines(path) if _ADDRESS.search(text)
        ]
    for folder in ("frontend", "tests/conformance/client"):
        path = _ROOT / folder / "package-lock.json"
        faults += [f"{_name(path)}:{n}: {text}" for n, text in _lines(path) if _FAR.search(text)]
    return faults


def names() -> list[str]:
    """A module's name says what it owns."""
    return [_name(path) for path in sorted(_PACKAGE.rglob("*.py")) if path.name in _SHAPELESS]


def inline_code() -> list[str]:
    """No template holds a script, a style or a handler of its own."""
    faults = []
    for path in sorted(_PACKAGE.rglob("templates/**/*.html")):
        faults += [
            f"{_name(path)}:{n}: {text.strip()}" for n, text in _lines(path) if _INLINE.search(text)
        ]
    return faults


def _templates() -> list[str]:
    return ["djlint", "--quiet", "--lint", str(_PACKAGE / "web" / "templates")]


def checks() -> dict[str, Check]:
    """Return every check by its name; the quick ones first."""
    python = str(_BIN / "python")
    listed: dict[str, Check] = {
        "module names": names,
        "lock files": lock_files,
        "templates hold no code": inline_code,
        "ruff": ["ruff", "check", "--quiet", "."],
        "ruff format": ["ruff", "format", "--check", "--quiet", "."],
        "layers": ["lint-imports", "--no-cache"],
        "translations": [python, "scripts/messages.py", "check"],
        "migrations": [python, "-m", "django", "makemigrations", "--check", "--dry-run"],
        "templates": _templates(),
        "frontend": ["npm", "run", "--silent", "lint", "--prefix", "frontend"],
        "types": ["mypy"],
    }
    return listed


def _run(check: Check) -> tuple[bool, str]:
    if callable(check):
        faults = check()
        return not faults, "\n".join(faults)
    program = _BIN / check[0]
    command = [str(program) if program.exists() else check[0], *check[1:]]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(_ROOT),
    }
    done = subprocess.run(
        command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode == 0, (done.stdout + done.stderr).strip()


def main(wanted: list[str]) -> int:
    """Run the wanted checks, or all; print what each failing one says."""
    failed = []
    for name, check in checks().items():
        if wanted and name not in wanted:
            continue
        started = time.perf_counter()
        passed, output = _run(check)
        seconds = time.perf_counter() - started
        print(f"{'ok  ' if passed else 'FAIL'} {name} ({seconds:.1f} s)", flush=True)
        if not passed:
            failed.append(name)
            print(output, flush=True)
    if failed:
        print(f"{len(failed)} checks failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
