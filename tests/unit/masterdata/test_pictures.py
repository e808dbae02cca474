"""Facts about uploaded pictures."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from suyuan.kernel.errors import Invalid
from suyuan.masterdata import pictures


def encoded(image: Image.Image, form: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes whose header promises many pixels."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))]
    parts += [(b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(("width", "height"), [(8_000, 8_000), (100_000, 100_000)])
def test_picture_of_too_many_pixels_is_refused_by_its_header(width: int, height: int) -> None:
    with pytest.raises(Invalid) as caught:
        pictures.render(1, png_that_claims(width, height))
    assert caught.value.code == "picture_too_large"


def test_picture_of_too_many_bytes_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        pictures.render(1, bytes(pictures.MOST_BYTES + 1))
    assert caught.value.code == "picture_too_large"


@pytest.mark.parametrize("form", ["BMP", "TIFF", "ICO"])
def test_rare_formats_are_refused(form: str) -> None:
    with pytest.raises(Invalid) as caught:
        pictures.render(1, encoded(Image.new("RGB", (32, 32)), form))
    assert caught.value.code == "picture_unreadable"


def test_both_sizes_keep_the_shape_and_a_small_picture_is_not_enlarged() -> None:
    sizes = pictures.render(1, encoded(Image.new("RGB", (2_000, 1_000))))
    assert (sizes.large.width, sizes.large.height) == (960, 480)
    assert (sizes.small.width, sizes.small.height) == (320, 160)
    tiny = pictures.render(1, encoded(Image.new("RGBA", (20, 10))))
    assert (tiny.large.width, tiny.large.height) == (20, 10)


def test_name_is_the_same_for_the_same_picture_and_differs_between_organisations() -> None:
    content = encoded(Image.new("RGB", (50, 50), "red"))
    digests = {pictures.render(number, content).large.digest for number in (1, 1, 2)}
    assert len(digests) == 2
