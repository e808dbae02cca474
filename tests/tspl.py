"""Read TSPL as a printer does: files, quoted texts, bitmaps, values of Code 128."""

from __future__ import annotations

import io
import re

import numpy as np
from PIL import Image

from tests.printed import FNC1, Code, Label, Words

_VALUE = re.compile(r"!([0-9]{3})")


def read(stream: bytes, *, dots_per_mm: float) -> list[Label]:
    """Return the labels that a printer prints from a stream."""
    return Printer(dots_per_mm).read(stream)


class Printer:
    """What a printer remembers."""

    def __init__(self, dots_per_mm: float) -> None:
        self.files: dict[str, bytes] = {}
        self.labels: list[Label] = []
        self._per_mm = dots_per_mm
        self._size = (0, 0)
        self._label = Label()

    def read(self, stream: bytes) -> list[Label]:
        position = 0
        while position < len(stream):
            head = re.compile(rb"(DOWNLOAD|BITMAP) ([^\r]*?,)").match(stream, position)
            if stream.startswith(b"DOWNLOAD ", position):
                found = re.compile(rb'DOWNLOAD "([^"]+)",(\d+),').match(stream, position)
                assert found
                end = found.end() + int(found[2])
                self.files[found[1].decode()] = stream[found.end() : end]
            elif stream.startswith(b"BITMAP ", position):
                found = re.compile(rb"BITMAP (\d+),(\d+),(\d+),(\d+),0,").match(stream, position)
                assert found
                x, y, width, height = map(int, found.groups())
                end = found.end() + width * height
                self._bitmap(x, y, width, stream[found.end() : end])
            else:
                assert head is None
                end = stream.index(b"\r\n", position)
                self._line(stream[position:end].decode())
            assert stream[end : end + 2] == b"\r\n"
            position = end + 2
        return self.labels

    def _line(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        if name == "SIZE":
            sizes = [float(part.removesuffix(" mm")) for part in rest.split(",")]
            self._size = (round(sizes[0] * self._per_mm), round(sizes[1] * self._per_mm))
        elif name == "CLS":
            self._label = Label(*self._size)
        elif name == "PRINT":
            self._label.copies = int(rest.split(",")[1])
            self.labels.append(self._label)
        elif name == "KILL":
            self.files.pop(rest.strip('"'), None)
        elif name == "CODEPAGE":
            assert rest == "UTF-8"
        elif name not in {"GAP", "BLINE", "DIRECTION", "REFERENCE"}:
            self._field(name, _arguments(rest))

    def _field(self, name: str, parts: list[str]) -> None:
        x, y = int(parts[0]), int(parts[1])
        label = self._label
        if name == "PUTBMP":
            picture = Image.open(io.BytesIO(self.files[parts[2]]))
            label.pictures.append((x, y, picture.convert("L")))
        elif name == "TEXT":
            label.words.append(Words(parts[7], x, y, int(parts[5])))
        elif name == "QRCODE":
            assert parts[4:6] == ["A", "0"]
            label.codes.append(Code("qr", parts[6], x, y, int(parts[3]), parts[2]))
        elif name == "DMATRIX":
            escape = [p for p in parts[4:-1] if p.startswith("c")]
            dots = [int(p[1:]) for p in parts[4:-1] if p.startswith("x")]
            text = parts[-1]
            if escape:
                assert escape == ["c126"]
                text = re.sub(r"~(.)", lambda f: {"~": "~", "1": FNC1}[f[1]], text)
            label.codes.append(Code("datamatrix", text, x, y, dots[0]))
        elif name == "BARCODE":
            assert parts[2] == "128M"
            values = _code_128(parts[8])
            label.codes.append(Code("gs1_128", "", x, y, int(parts[6]), "", int(parts[3]), values))
        else:
            raise AssertionError(name)

    def _bitmap(self, x: int, y: int, width: int, data: bytes) -> None:
        bits = np.unpackbits(np.frombuffer(data, np.uint8).reshape(-1, width), axis=1)
        self._label.pictures.append((x, y, Image.fromarray((bits * 255).astype(np.uint8))))


def _arguments(text: str) -> list[str]:
    """Split at commas outside quotation marks; one inside stands in brackets after a backslash."""
    parts = re.findall(r'"((?:\\\["\]|[^"])*)"|([^",]+)', text)
    return [plain or quoted.replace(r'\["]', '"') for quoted, plain in parts]


def _code_128(data: str) -> list[int]:
    values: list[int] = []
    pairs = False
    position = 0
    while position < len(data):
        found = _VALUE.match(data, position)
        if found:
            value = int(found[1])
            values.append(value)
            if value in {104, 105}:
                pairs = value == 105
            elif (pairs and value == 100) or (not pairs and value == 99):
                pairs = not pairs
            position = found.end()
        elif pairs:
            values.append(int(data[position : position + 2]))
            position += 2
        else:
            values.append(ord(data[position]) - 32)
            position += 1
    return values
