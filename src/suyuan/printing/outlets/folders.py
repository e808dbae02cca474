"""Where the files of jobs lie.

Owns: the folder `MEDIA_ROOT/<organisation>/printing/<job>/`.
Invariant: a file under its own name is whole; what is being made has another name.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def path_of(organisation_id: int, number: str, form: str, part: int) -> Path:
    """Return where a part of a job's output lies once it is whole."""
    return folder_of(organisation_id, number) / f"part-{part:04}.{form}"


def making_path(organisation_id: int, number: str, form: str, part: int) -> Path:
    """Return where it lies while it is made."""
    return path_of(organisation_id, number, form, part).with_suffix(f".{form}.making")


def folder_of(organisation_id: int, number: str) -> Path:
    """Return a job's folder."""
    return Path(settings.MEDIA_ROOT) / str(organisation_id) / "printing" / number


def keep_only(organisation_id: int, number: str, form: str, parts: Iterable[int]) -> None:
    """Remove what lies in a job's folder but for some parts; no folder is no fault."""
    kept = {path_of(organisation_id, number, form, part) for part in parts}
    folder = folder_of(organisation_id, number)
    with contextlib.suppress(FileNotFoundError):
        for path in [path for path in folder.iterdir() if path not in kept]:
            path.unlink(missing_ok=True)
        if not kept:
            folder.rmdir()


def settle(making: Path, final: Path) -> None:
    """Give a file that is whole its own name, so that it is there after a crash, too."""
    making.replace(final)
    handle = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
