"""Logo files: decoded, shrunk, re-encoded without loss, named by content.

Owns: what a logo becomes, and the files below `MEDIA_ROOT/<organisation>/labels/`.
Does not own: what an upload may be (`masterdata.pictures.decode`), and which label shows it.
Invariant: no byte of an upload is ever served or printed. A logo is stored as pixels encoded anew,
so a script in an SVG, or what hides behind a picture's end, never gets in.

A file's name is the SHA-256 of the organisation and the file's bytes, as with product pictures: it
never changes its content, and two organisations never share a name.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from PIL import Image

from suyuan.kernel.errors import NotFound
from suyuan.kernel.whole_files import write_whole
from suyuan.masterdata.pictures import decode

# 100 mm at 300 dots an inch are 1,181 dots: the widest that a label's logo is printed.
_SIDE: Final = 1_200
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as it is stored, served and printed: a PNG file."""

    digest: str
    content: bytes
    width: int
    height: int


def render(organisation_id: int, content: bytes) -> Logo:
    """Decode an upload and encode it anew; a smaller picture is not enlarged.

    Raises:
        Invalid: `picture_too_large`, `picture_unreadable`.
    """
    picture = decode(content)
    picture.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    stored = out.getvalue()
    digest = hashlib.sha256(f"{organisation_id}:".encode() + stored).hexdigest()
    return Logo(digest, stored, picture.width, picture.height)


def _path(organisation_id: int, digest: str) -> Path:
    if _DIGEST.fullmatch(digest) is None:
        raise NotFound(kind="label_picture")
    folder = Path(settings.MEDIA_ROOT) / str(organisation_id) / "labels" / digest[:2]
    return folder / f"{digest}.png"


def keep(organisation_id: int, logo: Logo) -> None:
    """Write the file; a reader sees a whole file or none."""
    write_whole(_path(organisation_id, logo.digest), logo.content)


def read(organisation_id: int, digest: str) -> bytes:
    """Return a logo's bytes.

    Raises:
        NotFound: no such file, or no digest.
    """
    try:
        return _path(organisation_id, digest).read_bytes()
    except FileNotFoundError as error:
        raise NotFound(kind="label_picture") from error


def discard(organisation_id: int, digest: str) -> None:
    """Delete a file that no row names any more."""
    _path(organisation_id, digest).unlink(missing_ok=True)
