"""The files of inspection reports: what is taken, and where it is kept.

Owns: the check of a file's whole shape, and the folder `MEDIA_ROOT/<organisation>/reports/`.
Invariant: a stored file is named by the SHA-256 of its content, never by what a sender called it;
its type is what its bytes say, never what a sender claimed.

The check is strict because these files are shown to the public: a file must be of one type from
its first byte to its last. What is a PDF in front and an archive or a page behind is refused.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Final

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from suyuan.kernel.whole_files import write_whole
from suyuan.quality.errors import FileRefused

FILE_LIMIT: Final = 10 * 2**20
PIXEL_LIMIT: Final = 60_000_000

PDF: Final = "application/pdf"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_JPEG_START, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
_PDF_STARTS = (b"%PDF-1.", b"%PDF-2.")
_PDF_END = b"%%EOF"
# What a page or a program would begin with, and an archive's directory would end with.
_MARKUP = (b"<html", b"<!doctype", b"<script", b"<svg", b"<?xml", b"<?php")
_ARCHIVE_END = b"PK\x05\x06"
_ARCHIVE_TAIL = 65_557  # the directory's end and its longest comment
_HEAD = 1_024
# A report is read, not run: these name actions of a PDF that do more than show it.
_PDF_ACTIONS = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia")


def content_type_of(data: bytes, *, place: str = "file") -> str:
    """Return the one type that `data` is, through and through; `place` is told of a refusal.

    Raises:
        FileRefused: ``file_empty``, ``file_too_large``, ``file_type`` (none of the three types),
            ``file_damaged`` (cut, or with something before or behind it), ``file_active`` (a PDF
            that would run something).
    """
    try:
        return _content_type_of(data)
    except FileRefused as error:
        raise FileRefused(error.code, place=place, **error.data) from error


def _content_type_of(data: bytes) -> str:
    if not data:
        raise FileRefused("file_empty", place="file")
    if len(data) > FILE_LIMIT:
        raise FileRefused("file_too_large", place="file", limit_mb=FILE_LIMIT // 2**20)
    if data.startswith(_PDF_STARTS):
        _check_pdf(data)
        return PDF
    if data.startswith(_PNG_SIGNATURE):
        _check_png(data)
        _check_picture(data, "PNG")
        return PNG
    if data.startswith(_JPEG_START):
        if not data.endswith(_JPEG_END):
            raise _damaged()
        _check_picture(data, "JPEG")
        return JPEG
    raise FileRefused("file_type", place="file")


def _damaged() -> FileRefused:
    return FileRefused("file_damaged", place="file")


def _check_pdf(data: bytes) -> None:
    head = data[:_HEAD].lower()
    if not data.rstrip(b"\r\n\t \x00").endswith(_PDF_END) or any(mark in head for mark in _MARKUP):
        raise _damaged()
    if _ARCHIVE_END in data[-_ARCHIVE_TAIL:]:
        raise _damaged()
    if any(action in data for action in _PDF_ACTIONS):
        raise FileRefused("file_active", place="file")


def _check_png(data: bytes) -> None:
    """Walk the chunks: each whole and with its checksum, IHDR first, IEND last."""
    at, first = len(_PNG_SIGNATURE), True
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data) or first != (kind == b"IHDR"):
            break
        if zlib.crc32(data[at + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            break
        at, first = end, False
        if kind == b"IEND":
            if at == len(data):
                return
            break
    raise _damaged()


def _check_picture(data: bytes, form: str) -> None:
    """Decode the whole picture, once its size is known to be one that a page could show."""
    try:
        with Image.open(BytesIO(data), formats=[form]) as picture:
            width, height = picture.size
            if width * height > PIXEL_LIMIT:
                raise FileRefused("file_too_large", place="file", limit_mb=FILE_LIMIT // 2**20)
            picture.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise _damaged() from error
    except ValueError as error:
        raise _damaged() from error


def path_of(organisation_id: int, sha256: str) -> Path:
    """Return where a file is kept. `sha256` must be 64 hexadecimal digits, as stored."""
    return Path(settings.MEDIA_ROOT) / str(organisation_id) / "reports" / sha256


def store(organisation_id: int, data: bytes) -> str:
    """Keep `data` and return its SHA-256; the same content is kept once."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(organisation_id, sha256)
    if not path.exists():
        write_whole(path, data)
    return sha256
