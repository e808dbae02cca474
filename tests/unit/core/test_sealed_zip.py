"""Archives that others open: encrypted with AES-256, written as a stream."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import pyzipper
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core import sealed_zip
from suyuan.core.sealed_zip import ArchiveTooLarge, Member

MADE = datetime(2026, 3, 1, 8, 30, 2)  # noqa: DTZ001 - a wall clock's, as ZIP has it
PASSWORD = "茶叶 kettle 2026 steam"
SALT = bytes(range(16))


def _archive(files: Mapping[str, Sequence[bytes]], password: str = PASSWORD) -> bytes:
    members = [
        (Member(name, sum(map(len, pieces)), pieces), sealed_zip.seal(password))
        for name, pieces in files.items()
    ]
    return b"".join(bytes(piece) for piece in sealed_zip.write(members, modified=MADE))


def _open(archive: bytes, password: str = PASSWORD) -> pyzipper.AESZipFile:
    opened = pyzipper.AESZipFile(io.BytesIO(archive))
    opened.setpassword(password.encode())
    return opened


def test_another_program_reads_back_what_was_written() -> None:
    files = {
        "codes.csv": [b"a,b\r\n", b"1," * 700_000],
        "目录/说明.txt": ["你好".encode()],
        "e": [],
    }
    opened = _open(_archive(files))
    assert {name: opened.read(name) for name in opened.namelist()} == {
        name: b"".join(pieces) for name, pieces in files.items()
    }
    assert opened.testzip() is None
    assert opened.getinfo("e").date_time == (2026, 3, 1, 8, 30, 2)


@given(st.lists(st.binary(max_size=100), max_size=30))
def test_pieces_of_any_length_give_the_same_content(pieces: list[bytes]) -> None:
    assert _open(_archive({"f": pieces})).read("f") == b"".join(pieces)


def test_content_longer_than_the_keystream_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_zip, "_CHUNK", 64)
    content = bytes(range(256)) * 5
    assert _open(_archive({"f": [content[:13], content[13:]]})).read("f") == content


@pytest.mark.skipif(not shutil.which("7z"), reason="7-Zip is not installed here")
def test_seven_zip_opens_it(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(_archive({"codes.csv": [b"1,2,3\r\n"]}))
    done = subprocess.run(
        ["7z", "e", f"-p{PASSWORD}", f"-o{tmp_path}", str(path)], capture_output=True, check=False
    )
    assert done.returncode == 0
    assert (tmp_path / "codes.csv").read_bytes() == b"1,2,3\r\n"


def test_a_wrong_password_opens_nothing() -> None:
    with pytest.raises(RuntimeError, match="Bad password"):
        _open(_archive({"f": [b"secret"]}), "another").read("f")


def test_a_changed_byte_is_noticed() -> None:
    archive = bytearray(_archive({"f": [b"secret" * 100]}))
    archive[200] ^= 1
    with pytest.raises(pyzipper.BadZipFile):
        _open(bytes(archive)).read("f")


def test_a_truncated_archive_is_no_archive() -> None:
    archive = _archive({"f": [b"secret" * 100]})
    with pytest.raises(pyzipper.BadZipFile):
        _open(archive[:-30])


def test_the_size_is_known_beforehand() -> None:
    files = {"a": [b"1" * 5000], "说明": [b"2"]}
    sizes = [(name, sum(map(len, pieces))) for name, pieces in files.items()]
    assert sealed_zip.size_of(sizes) == len(_archive(files))


def test_the_same_seals_give_the_same_bytes() -> None:
    def archive() -> bytes:
        keys = sealed_zip.seal(PASSWORD, SALT)
        members = [(Member("f", 3, (b"abc",)), keys)]
        return b"".join(bytes(piece) for piece in sealed_zip.write(members, modified=MADE))

    assert archive() == archive()
    assert sealed_zip.seal(PASSWORD, SALT) == sealed_zip.seal(PASSWORD, SALT)
    assert sealed_zip.seal(PASSWORD) != sealed_zip.seal(PASSWORD)


def test_keys_are_not_shown() -> None:
    keys = sealed_zip.seal(PASSWORD, SALT)
    assert repr(keys) == "Seal()"


def test_arrays_are_content_too() -> None:
    block = np.frombuffer(b"0123456789", dtype=np.uint8)
    keys = sealed_zip.seal(PASSWORD)
    pieces = sealed_zip.write([(Member("f", 10, (block,)), keys)], modified=MADE)
    assert _open(b"".join(bytes(piece) for piece in pieces)).read("f") == b"0123456789"


def test_content_of_another_size_than_announced_is_refused() -> None:
    with pytest.raises(ValueError, match="announced"):
        list(sealed_zip.write([(Member("f", 4, (b"abc",)), sealed_zip.seal("p"))], modified=MADE))


def test_what_would_need_zip64_is_refused() -> None:
    big = Member("f", 2**32 - 20, ())
    with pytest.raises(ArchiveTooLarge):
        list(sealed_zip.write([(big, sealed_zip.seal("p"))], modified=MADE))


@pytest.mark.parametrize(("password", "salt"), [("", SALT), ("p", b"short")])
def test_a_seal_needs_a_password_and_a_whole_salt(password: str, salt: bytes) -> None:
    with pytest.raises(ValueError, match="a seal needs"):
        sealed_zip.seal(password, salt)


def test_passwords_are_drawn_each_time() -> None:
    drawn = {sealed_zip.new_password() for _ in range(50)}
    assert len(drawn) == 50
    assert all(len(one) == 23 and not set(one) & set("01IO") for one in drawn)
