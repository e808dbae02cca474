"""Facts about reading and writing spreadsheets."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.kernel import spreadsheets
from suyuan.kernel.errors import Invalid
from suyuan.kernel.spreadsheets import read_table, xlsx_bytes
from suyuan.kernel.tabular import csv_lines, escape, unescape

# What masterdata's texts may hold: no control characters, no surrogates.
texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=20)


def xlsx(rows: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(body: bytes) -> list[list[str]]:
    table = read_table(body)
    return [list(table.headings), *(row for _, row in table.rows)]


def refusal(body: bytes) -> Invalid:
    with pytest.raises(Invalid) as caught:
        cells(body)
    return caught.value


@given(text=st.one_of(texts, st.text("'=+-@＝＋－＠\t\r\n1.a", max_size=8)))
def test_escape_is_undone_and_leaves_nothing_that_runs(text: str) -> None:
    written = escape(text)
    assert unescape(written) == text
    assert not written.startswith(("=", "+", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"))


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 10 1", "-x", "@SUM(A1)", "'quoted", "''=x", "-33.5", "＝1", "－"]
)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_text_comes_back_as_it_went_out(text: str, form: str) -> None:
    rows = [["code", "notes"], ["A", text], ["B", f"茶{text}"]]
    body = b"".join(csv_lines(rows)) if form == "csv" else xlsx_bytes("x", rows)
    assert cells(body) == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_is_read_in_the_encodings_that_office_programs_write(encoding: str) -> None:
    assert cells("编码,名称\nA,龙井\n".encode(encoding)) == [["编码", "名称"], ["A", "龙井"]]


def test_bytes_in_no_known_encoding_are_refused() -> None:
    assert refusal(b"code\n\xff\xff\xff\xff").code == "encoding_unknown"


def test_formula_text_in_csv_is_data() -> None:
    assert cells(b"code,notes\nA,=1+1\n")[1] == ["A", "=1+1"]


def test_formula_in_xlsx_is_refused_with_its_place() -> None:
    error = refusal(xlsx([["gtin", "name"], ["1", "a"], ["=1+1", "b"]]))
    assert (error.code, error.place) == ("cell_formula", "row 3, column gtin")


def test_error_cell_is_refused_with_its_place() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["gtin"])
    book.worksheets[0].append(["#REF!"])
    book.worksheets[0]["A2"].data_type = "e"
    out = io.BytesIO()
    book.save(out)
    assert refusal(out.getvalue()).code == "cell_error"


def test_numbers_days_and_flags_of_a_spreadsheet_become_plain_text() -> None:
    rows: list[list[Any]] = [["a", "b", "c", "d"], [6901234567892, 2.5, datetime(2026, 3, 1), True]]  # noqa: DTZ001
    assert cells(xlsx(rows))[1] == ["6901234567892", "2.5", "2026-03-01", "1"]


def test_rows_keep_the_numbers_that_a_spreadsheet_program_shows() -> None:
    table = read_table(b'code,notes\n"A","two\nlines"\n,\nB,x\n')
    assert [number for number, _ in table.rows] == [2, 4]


@pytest.mark.parametrize("body", [b"", b"\n\n", b" , \n"])
def test_empty_file_is_refused(body: bytes) -> None:
    assert refusal(body).code == "file_empty"


def test_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_BYTES", 10)
    assert refusal(b"x" * 11).code == "file_too_large"


def test_unclosed_quote_is_refused() -> None:
    assert refusal(b'code\n"A').code == "csv_malformed"


@pytest.mark.parametrize("body", [b"PK", b"PK\x03\x04" + b"\0" * 50])
def test_broken_container_is_refused(body: bytes) -> None:
    assert refusal(body).code == "xlsx_malformed"


def test_container_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("hello.txt", "hello")
    assert refusal(out.getvalue()).code == "xlsx_malformed"


def test_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container,
        container.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(201):
            part.write(bytes(2**20))
    assert len(out.getvalue()) < spreadsheets.MOST_BYTES
    assert refusal(out.getvalue()).code == "xlsx_unpacks_too_large"


def test_document_type_in_a_part_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>')
    assert refusal(out.getvalue()).code == "xlsx_malformed"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_too_many_rows_are_refused(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 3)
    rows = [["code"], *([str(number)] for number in range(4))]
    body = b"".join(csv_lines(rows)) if form == "csv" else xlsx(rows)
    assert refusal(body).code == "too_many_rows"
    fewer = rows[:4]
    assert len(cells(b"".join(csv_lines(fewer)) if form == "csv" else xlsx(fewer))) == 4


def test_one_cell_in_the_millionth_row_is_refused_without_reading_a_million() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "code"
    book.worksheets[0]["A1048576"] = "x"
    out = io.BytesIO()
    book.save(out)
    assert refusal(out.getvalue()).code == "too_many_rows"


def test_too_many_columns_are_refused() -> None:
    assert refusal(",".join("abcdefghij" * 7).encode()).code == "too_many_columns"


def test_cell_of_megabytes_is_refused() -> None:
    assert refusal(b"code\n" + b"x" * 10_001).code == "cell_too_long"
