"""Files that a reader meets whole or not at all.

Owns: `write_whole`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whose folders are made where they are missing.

    It is written beside, brought to the disk and renamed, so that no reader and no crash meets
    half a file. What stood at `path` before is replaced.

    Raises:
        OSError: the disk does not take it; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
