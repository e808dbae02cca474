"""Pictures that reporters give with a complaint: decoded, shrunk, re-encoded, sealed.

Owns: the folder `MEDIA_ROOT/<organisation>/complaints/`, and what may become a picture there.
Invariant: no byte of an upload is kept. What is stored was decoded to pixels and encoded anew, so
that where a photograph was taken, and whatever hides in the file, is gone; and it is sealed, since
it may show a person or a home.

A telephone's photograph often has a film attached behind its last byte; so a file is not refused
for what follows the picture, as a laboratory's report is (`files`): nothing of it is kept.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from PIL import Image

from suyuan.kernel import secretbox
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.kernel.whole_files import write_whole
from suyuan.masterdata.pictures import MOST_BYTES, decode

MOST_PICTURES: Final = 3
MOST_SENT: Final = MOST_PICTURES * MOST_BYTES
CONTENT_TYPE: Final = "image/webp"
_SIDE: Final = 1600
_QUALITY: Final = 80
_PURPOSE: Final = "complaint-pictures"


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture that may be kept."""

    content: bytes
    width: int
    height: int


def read_shots(uploads: Sequence[bytes]) -> list[Shot]:
    """Return what may be kept of uploads.

    Raises:
        Invalid: ``too_many_pictures``; ``picture_too_large`` or ``picture_unreadable``, with the
            place ``pictures/<position>``.
    """
    if len(uploads) > MOST_PICTURES:
        raise Invalid("too_many_photos", place="pictures", most=MOST_PICTURES)
    return [_shot(data, position) for position, data in enumerate(uploads, 1)]


def _shot(data: bytes, position: int) -> Shot:
    try:
        picture = decode(data)
    except Invalid as error:
        raise Invalid(error.code, place=f"pictures/{position}", **error.data) from error
    picture.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    picture.info.clear()
    out = io.BytesIO()
    picture.convert("RGB").save(out, "WEBP", quality=_QUALITY, method=2)
    return Shot(out.getvalue(), picture.width, picture.height)


def keep(organisation_id: int, shot: Shot) -> str:
    """Seal a picture into a file of its own; return the file's name."""
    name = secrets.token_hex(20)
    write_whole(_path(organisation_id, name), secretbox.seal(_PURPOSE, shot.content))
    return name


def read(organisation_id: int, name: str) -> bytes:
    """Return a picture's bytes.

    Raises:
        NotFound: its file is not there.
        SealBroken: it was sealed under another secret.
    """
    try:
        sealed = _path(organisation_id, name).read_bytes()
    except FileNotFoundError as error:
        raise NotFound(kind="complaint_picture") from error
    return secretbox.unseal(_PURPOSE, sealed)


def discard(organisation_id: int, names: Iterable[str]) -> None:
    """Delete the files of pictures that no row names any more."""
    for name in names:
        _path(organisation_id, name).unlink(missing_ok=True)


def _path(organisation_id: int, name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / str(organisation_id) / "complaints" / name
