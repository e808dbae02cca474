"""Read ZPL II as a printer does: stored formats, numbered fields, escapes, graphics, tags."""

from __future__ import annotations

import re

import numpy as np
from PIL import Image

from tests.printed import FNC1, SET_B, SET_C, TO_B, TO_C, VALUE_FNC1, Code, Label, Words

_COMMAND = re.compile(r"[\^~](A|[A-Z][A-Z@0-9])([^\^~]*)", re.DOTALL)
_HEX = re.compile(r"_([0-9A-Fa-f]{2})")

_SETTINGS = {"PW": "width", "LL": "height", "PQ": "copies"}
_SILENT = {"LH", "MN", "FH", "FD", "FB", "CI"}

type Command = tuple[str, str]


def read(stream: bytes) -> list[Label]:
    """Return the labels that a printer prints from a stream."""
    printer = Printer()
    for name, parameters in _COMMAND.findall(stream.decode("utf-8")):
        printer.take(name, parameters)
    return printer.labels


class Printer:
    """What a printer remembers."""

    def __init__(self) -> None:
        self.formats: dict[str, list[Command]] = {}
        self.labels: list[Label] = []
        self._commands: list[Command] = []

    def take(self, name: str, parameters: str) -> None:
        if name == "XA":
            self._commands = []
        elif name == "XZ":
            self._end()
        else:
            self._commands.append((name, parameters))

    def _end(self) -> None:
        commands = self._commands
        if not commands:
            return
        name, parameters = commands[0]
        if name == "DF":
            self.formats[parameters.strip()] = commands[1:]
        elif name == "ID":
            pattern = re.compile(re.escape(parameters.strip()).replace(r"\*", ".*"))
            self.formats = {k: v for k, v in self.formats.items() if not pattern.fullmatch(k)}
        else:
            self._print(commands)

    def _print(self, commands: list[Command]) -> None:
        recalled: list[Command] = []
        for name, parameters in commands:
            if name == "XF":
                recalled += self.formats[parameters.strip()]
        values: dict[int, str] = {}
        own: list[list[Command]] = []
        for field in _fields([c for c in commands if c[0] != "XF"]):
            numbers = [int(p) for n, p in field if n == "FN"]
            if numbers and not any(n == "FO" for n, _ in field):
                values[numbers[0]] = _data(field)
            else:
                own.append(field)
        label = Label()
        for field in [*_fields(recalled), *own]:
            _draw(label, field, values)
        self.labels.append(label)


def _fields(commands: list[Command]) -> list[list[Command]]:
    fields: list[list[Command]] = [[]]
    for command in commands:
        if command[0] == "FS":
            fields.append([])
        else:
            fields[-1].append(command)
    return [field for field in fields if field]


def _data(field: list[Command]) -> str:
    hexadecimal = False
    for name, parameters in field:
        if name == "FH":
            assert parameters in {"", "_"}
            hexadecimal = True
        if name == "FD":
            if not hexadecimal:
                return parameters
            return _HEX.sub(lambda found: chr(int(found[1], 16)), parameters)
    return ""


def _draw(label: Label, field: list[Command], values: dict[int, str]) -> None:
    x = y = by_dots = by_height = 0
    data = _data(field)
    todo: list[Command] = []
    for name, parameters in field:
        text = parameters.strip()
        if name == "FO":
            x, y = (int(number) for number in text.split(","))
        elif name == "BY":
            by_dots, _, by_height = (int(number) for number in text.split(","))
        elif name == "FN":
            data = values.get(int(text), data)
        elif name in _SETTINGS:
            setattr(label, _SETTINGS[name], int(text))
        elif name not in _SILENT:
            todo.append((name, text))
    for name, text in todo:
        _one(label, name, text, (x, y), data, (by_dots, by_height))


def _one(
    label: Label, name: str, text: str, at: tuple[int, int], data: str, by: tuple[int, int]
) -> None:
    x, y = at
    parts = text.split(",")
    if name == "GB":
        wide, high, _ = map(int, parts)
        label.bars.append((x, y, wide, high))
    elif name == "GF":
        label.pictures.append((x, y, _graphic(text)))
    elif name == "RF":
        label.tag = data
        assert data == "" or re.fullmatch(r"([0-9A-F]{4})+", data)
    elif not data:
        return
    elif name == "A":
        label.words.append(Words(data, x, y, int(parts[1])))
    elif name == "BQ":
        level, mode = data[0], data[1:3]
        assert mode == "A,"
        assert level == parts[3]
        # ^FO of ^BQ lies above the code by the height that ^BY gave.
        label.codes.append(Code("qr", data[3:], x, y + by[1], int(parts[2]), level))
    elif name == "BX":
        assert parts[2] == "200"
        clear = re.sub(r"_(.)", lambda f: {"_": "_", "1": FNC1}[f[1]], data)
        label.codes.append(Code("datamatrix", clear, x, y, int(parts[1])))
    elif name == "BC":
        values = _code_128(data)
        label.codes.append(Code("gs1_128", "", x, y, by[0], "", int(parts[1]), values))
    else:
        raise AssertionError(name)


def _code_128(data: str) -> list[int]:
    values: list[int] = []
    pairs = False
    position = 0
    while position < len(data):
        if data[position] == ">":
            special = data[position + 1]
            position += 2
            if special in ";:":
                pairs = special == ";"
                values.append(SET_C if pairs else SET_B)
            elif special in "56":
                pairs = special == "5"
                values.append(TO_C if pairs else TO_B)
            else:
                values.append({"8": VALUE_FNC1, "0": ord(">") - 32}[special])
        elif pairs:
            values.append(int(data[position : position + 2]))
            position += 2
        else:
            values.append(ord(data[position]) - 32)
            position += 1
    return values


def _graphic(text: str) -> Image.Image:
    kind, total, same, width, data = text.split(",", 4)
    assert kind == "A"
    assert total == same
    row_digits = int(width) * 2
    rows: list[str] = []
    row, count = "", 0
    for character in data:
        if character == ":":
            assert not row
            rows.append(rows[-1])
        elif character == ",":
            rows.append(row.ljust(row_digits, "0"))
            row = ""
        elif "g" <= character <= "z":
            count += (ord(character) - ord("f")) * 20
        elif "G" <= character <= "Y":
            count += ord(character) - ord("F")
        else:
            row += character * (count or 1)
            count = 0
            if len(row) == row_digits:
                rows.append(row)
                row = ""
    assert not row
    assert len(rows) * int(width) == int(total)
    raw = np.frombuffer(bytes.fromhex("".join(rows)), np.uint8).reshape(len(rows), int(width))
    return Image.fromarray(np.where(np.unpackbits(raw, axis=1), 0, 255).astype(np.uint8))
