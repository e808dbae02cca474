"""Reports of readers become reads, or are refused with a code and a place; nothing else happens."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.instants import microseconds
from suyuan.core.tag_reads import MOST_READS, ReportFault, TagReads, read_report

EPC = "3034257BF7194E4000001A85"
WHEN = "2026-03-02T09:00:00.250+08:00"
AT = microseconds(datetime(2026, 3, 2, 1, 0, 0, 250_000, tzinfo=UTC))


def rows(body: object) -> list[tuple[str, int, int, float]]:
    reads = read_report(json.dumps(body).encode())
    return list(
        zip(
            reads.epcs,
            reads.times.tolist(),
            reads.antennas.tolist(),
            reads.rssi.tolist(),
            strict=True,
        )
    )


OWN = {"epc": EPC.lower(), "antenna": 2, "rssi": -52.5, "time": WHEN}
IMPINJ = {
    "timestamp": WHEN,
    "eventType": "tagInventory",
    "tagInventoryEvent": {"epcHex": EPC, "antennaPort": 2, "peakRssiCdbm": -5250},
}
ZEBRA = {
    "type": "SIMPLE",
    "timestamp": WHEN,
    "data": {"idHex": EPC, "antenna": 2, "peakRssi": -52.5, "reads": 3},
}


@pytest.mark.parametrize(
    "body", [OWN, [OWN], {"reads": [OWN]}, [{"reads": [OWN]}], IMPINJ, [IMPINJ], ZEBRA, [ZEBRA]]
)
def test_each_makers_report_says_the_same_read(body: object) -> None:
    assert rows(body) == [(EPC, AT, 2, -52.5)]


def test_impinjs_base64_is_read_with_either_alphabet() -> None:
    raw = bytes.fromhex("FBEFFF57BF7194E4000001A8")
    for text in (base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()):
        assert rows({"tagInventoryEvent": {"epc": text}}) == [(raw.hex().upper(), -1, 0, -np.inf)]


def test_a_document_a_line_is_one_report() -> None:
    lines: list[object] = [IMPINJ, {"inventoryStatusEvent": {}}, ZEBRA]
    body = "\n".join(map(json.dumps, lines))
    assert read_report(body.encode()).epcs == [EPC, EPC]


@pytest.mark.parametrize("body", [[], {"reads": []}, {"heartBeat": {}}, [{"heartBeat": 1}]])
def test_a_sign_of_life_has_no_reads(body: object) -> None:
    assert rows(body) == []


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        (b"", "report_empty", ""),
        (b" \n", "report_empty", ""),
        (b"\xff\xfe", "report_malformed", ""),
        (b'{"reads": [', "report_malformed", ""),
        (b"[" * 100_000, "report_malformed", ""),
        (b'{"a":' * 100_000, "report_malformed", ""),
        (b'[{"epc": "30", "rssi": NaN}]', "report_malformed", ""),
        (b'[{"epc": "30", "rssi": 1e999}]', "report_malformed", ""),
        (b'[{"epc": "30", "rssi": ' + b"9" * 400 + b"}]", "report_shape", ""),
        (b"null", "report_shape", "/0"),
        (b"[1]", "report_shape", "/0"),
        (b'{"reads": {}}', "report_shape", "/0"),
        (b'[[{"epc": "30"}]]', "report_shape", "/0"),
        (b'[{"epc": "30"}, {"tid": "1"}]', "report_shape", ""),
        (b'[{"epc": 30}]', "report_shape", ""),
        (b'[{"epc": "30", "antenna": "1"}]', "report_shape", ""),
        (b'[{"epc": "30", "time": 1767225600}]', "report_shape", ""),
        ('{"tagInventoryEvent": {"epc": "é"}}'.encode(), "report_shape", "/0"),
        (b'{"tagInventoryEvent": {"epc": "A"}}', "report_shape", "/0"),
        (b'{"tagInventoryEvent": {}}', "read_epc", "/0/epc"),
        (b'{"reads": [{"epc": "30"}, {"epc": "3G"}]}', "read_epc", "/reads/1/epc"),
        (b'[{"epc": ""}]', "read_epc", "/0/epc"),
        (b'[{"epc": "' + b"0" * 129 + b'"}]', "read_epc", "/0/epc"),
        (b'[{"epc": "30", "time": "2026-03-02T01:00:00"}]', "read_time_zone", "/0/time"),
        (b'[{"epc": "30", "time": "1970-01-01T00:00:09Z"}]', "read_time_unset", "/0/time"),
        (b'[{"epc": "30", "time": "0001-01-01T00:00:00+23:00"}]', "read_time_unset", "/0/time"),
    ],
)
def test_what_is_no_report_is_refused_with_its_place(body: bytes, code: str, place: str) -> None:
    with pytest.raises(ReportFault) as caught:
        read_report(body)
    assert (caught.value.code, caught.value.place) == (code, place)


def test_antennas_beyond_any_port_are_held_within_bounds() -> None:
    body = b'[{"epc": "30", "antenna": ' + b"9" * 60 + b'}, {"epc": "30", "antenna": -5}]'
    assert read_report(body).antennas.tolist() == [0xFFFF, 0]


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b",".join([b'{"epc":"30"}'] * 1_000_000) + b"]",
        b'{"heartBeat":1}\n'
        + b"\n".join([b'{"reads":[' + b",".join([b'{"epc":"30"}'] * 1000) + b"]}"] * 250),
    ],
)
def test_a_report_beyond_the_limit_is_refused_before_it_is_converted(body: bytes) -> None:
    with pytest.raises(ReportFault) as caught:
        read_report(body)
    assert caught.value.code == "reads_too_many"
    assert caught.value.data == {"most": str(MOST_READS)}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["reads", "epc", "time", "data", "idHex", "tagInventoryEvent", "antenna"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(json_values.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40))
def test_anything_is_read_or_refused(body: bytes) -> None:
    try:
        reads = read_report(body)
    except ReportFault:
        return
    assert isinstance(reads, TagReads)
    assert len(reads) == len(reads.times) == len(reads.rssi)
