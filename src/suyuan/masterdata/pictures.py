"""Picture files: decoded, shrunk, re-encoded, named by content.

Owns: what an uploaded picture may be, the two sizes, the files below `MEDIA_ROOT`.
Does not own: which product shows which picture (`ProductPicture`).
Invariant: no byte of an upload is ever served. What is stored was decoded to pixels and encoded
anew, so metadata (where a photograph was taken) and anything hidden in the file are gone.

A file's name is the SHA-256 of the organisation and the file's bytes: it never changes its
content, so it may be cached for ever, and two organisations never share a name.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from suyuan.kernel.errors import Invalid, NotFound
from suyuan.kernel.whole_files import write_whole

MOST_BYTES: Final = 8 * 2**20
MOST_PIXELS: Final = 40_000_000
_SIDES: Final = (320, 960)
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY: Final = 80
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size of a picture, as it is stored and served."""

    digest: str
    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """A picture's small (320 pixels) and large (960 pixels) rendition."""

    small: Rendition
    large: Rendition


def render(organisation_id: int, content: bytes) -> Sizes:
    """Decode an upload and make both sizes; a smaller picture is not enlarged.

    Raises:
        Invalid: see `decode`.
    """
    picture = decode(content)
    small, large = (_rendition(organisation_id, picture, side) for side in _SIDES)
    return Sizes(small, large)


def decode(content: bytes) -> Image.Image:
    """Return an upload's pixels, upright, in RGB or RGBA; a large JPEG may come out reduced.

    Raises:
        Invalid: `picture_too_large` (over 8 MB or 40 megapixels), `picture_unreadable` (not a
            JPEG, PNG, WebP or GIF, or broken).
    """
    if len(content) > MOST_BYTES:
        raise Invalid("picture_too_large", place="picture", limit_mb=8, most_megapixels=40)
    with warnings.catch_warnings():
        # Pillow's own bomb guard warns or raises; ours below is stricter and says what is wrong.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            return _pixels(content)
        except (
            UnidentifiedImageError,
            OSError,
            ValueError,
            SyntaxError,
            OverflowError,
            EOFError,
            MemoryError,
        ) as error:
            raise Invalid("picture_unreadable", place="picture") from error
        except Image.DecompressionBombError as error:
            raise Invalid(
                "picture_too_large", place="picture", limit_mb=8, most_megapixels=40
            ) from error


def _pixels(content: bytes) -> Image.Image:
    """Decode; the size in the header is checked before any pixel is."""
    with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Invalid("picture_too_large", place="picture", limit_mb=8, most_megapixels=40)
        opened.draft("RGB", (2 * _SIDES[-1], 2 * _SIDES[-1]))  # JPEG only: decode less
        opened.load()
        upright = ImageOps.exif_transpose(opened)
        alpha = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
        return upright.convert("RGBA" if alpha else "RGB")


def _rendition(organisation_id: int, picture: Image.Image, side: int) -> Rendition:
    shrunk = picture.copy()
    shrunk.thumbnail((side, side), Image.Resampling.LANCZOS)
    shrunk.info.clear()
    out = io.BytesIO()
    shrunk.save(out, "WEBP", quality=_QUALITY, method=4)
    content = out.getvalue()
    digest = hashlib.sha256(f"{organisation_id}:".encode() + content).hexdigest()
    return Rendition(digest, content, shrunk.width, shrunk.height)


def _folder(organisation_id: int) -> Path:
    return Path(settings.MEDIA_ROOT) / str(organisation_id) / "pictures"


def _path(organisation_id: int, digest: str) -> Path:
    if _DIGEST.fullmatch(digest) is None:
        raise NotFound(kind="picture")
    return _folder(organisation_id) / digest[:2] / f"{digest}.webp"


def keep(organisation_id: int, sizes: Sizes) -> None:
    """Write both sizes; a reader sees a whole file or none."""
    for rendition in (sizes.small, sizes.large):
        write_whole(_path(organisation_id, rendition.digest), rendition.content)


def read(organisation_id: int, digest: str) -> bytes:
    """Return a file's bytes.

    Raises:
        NotFound: no such file, or no digest.
    """
    try:
        return _path(organisation_id, digest).read_bytes()
    except FileNotFoundError as error:
        raise NotFound(kind="picture") from error


def discard(organisation_id: int, digests: Collection[str]) -> None:
    """Delete files that no row names any more."""
    for digest in digests:
        _path(organisation_id, digest).unlink(missing_ok=True)
