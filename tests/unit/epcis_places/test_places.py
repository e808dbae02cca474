"""Facts about places: from a pointer to the line and column that a person goes to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.epcis.places import (
    WIDEST,
    Excerpt,
    Kind,
    Spot,
    excerpts,
    find,
    json_syntax,
    kind_of,
)

_names = st.text(st.characters(exclude_categories=["Cs", "Nd"]), max_size=4)
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | _texts,
    lambda some: st.lists(some, max_size=4) | st.dictionaries(_names, some, max_size=4),
    max_leaves=20,
)


def pointers(value: Any, way: str = "") -> dict[str, tuple[str | None, Any]]:
    """Return every pointer of a value with the member's name and what it points to."""
    found: dict[str, tuple[str | None, Any]] = {way: (None, value)}
    if isinstance(value, dict):
        for name, inner in value.items():
            here = f"{way}/{name.replace('~', '~0').replace('/', '~1')}"
            found |= pointers(inner, here) | {here: (name, inner)}
    if isinstance(value, list):
        for index, inner in enumerate(value):
            found |= pointers(inner, f"{way}/{index}")
    return found


@given(values, st.sampled_from([None, 1, 2]), st.booleans())
def test_every_place_of_a_document_is_found_where_it_stands(
    value: Any, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    lines = text.split("\n")
    read = json.JSONDecoder(strict=False).raw_decode
    wanted = pointers(value)
    for place, spot in find(text.encode(), "json", list(wanted)).items():
        rest = "\n".join([lines[spot.line - 1][spot.column - 1 :], *lines[spot.line :]])
        name, meant = wanted[place]
        if name is not None:
            given_name, end = read(rest)
            assert given_name == name
            rest = rest[end:].removeprefix(":").lstrip(" ")
        assert read(rest)[0] == meant


def test_what_is_missing_is_where_it_should_have_been() -> None:
    body = b'{\n "a": {\n  "b": [1]\n }\n}'
    found = find(body, "json", ["/a/c/d", "/a/b/7", "/x"])
    assert found == {"/a/c/d": Spot(2, 2), "/a/b/7": Spot(3, 3), "/x": Spot(1, 1)}


def test_what_is_no_json_has_its_beginning_at_least() -> None:
    assert find(b'{"a": [1, ', "json", ["/a/3"]) == {"/a/3": Spot(1, 2)}
    assert find(b"", "json", ["/a"]) == {"/a": Spot(1, 1)}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"PK\x03\x04", "zip"),
        (b"\xd0\xcf\x11\xe0", "zip"),
        (b"\xef\xbb\xbf{}", "json"),
        (b" [1]", "json"),
        (b"\n<a/>", "xml"),
        ("<a/>".encode("utf-16"), "xml"),
        ("批次".encode(), "text"),
    ],
)
def test_a_body_is_known_by_its_beginning(body: bytes, kind: Kind) -> None:
    assert kind_of(body) == kind


def test_lines_around_a_spot_are_shown() -> None:
    body = b"one\r\ntwo\nthree"
    assert excerpts(body, [Spot(2, 1)]) == {Spot(2, 1): Excerpt(1, ("one", "two", "three"), 1)}
    assert excerpts(body, [Spot(1, 1)])[Spot(1, 1)] == Excerpt(1, ("one", "two"), 0)
    assert excerpts(body, [Spot(9, 1)]) == {}


def test_a_long_line_is_cut_to_what_lies_about_the_column() -> None:
    body = ("a" * 500 + "!" + "b" * 500).encode()
    (excerpt,) = excerpts(body, [Spot(1, 501)]).values()
    assert "!" in excerpt.lines[0]
    assert len(excerpt.lines[0]) == WIDEST + 2
    assert excerpt.lines[0].startswith("…")
    assert excerpt.lines[0].endswith("…")


@pytest.mark.parametrize(
    ("text", "code", "spot"),
    [
        ("{'a': 1}", "json_quotes", Spot(1, 2)),
        ("{“a”: 1}", "json_quotes", Spot(1, 2)),
        ("{a: 1}", "json_name_expected", Spot(1, 2)),
        ('{"a": 1,\n}', "json_trailing_comma", Spot(1, 8)),
        ('{"a": 1 "b": 2}', "json_comma_expected", Spot(1, 9)),
        ('{"a" 1}', "json_colon_expected", Spot(1, 6)),
        ('{"a": tru}', "json_value_expected", Spot(1, 7)),
        ('{"a": "b', "json_string_open", Spot(1, 7)),
        ('{"a": "b\nc"}', "json_control_character", Spot(1, 9)),
        ('{"a": "\\x"}', "json_escape", Spot(1, 8)),
        ('{"a": 1} {', "json_extra_data", Spot(1, 10)),
        ('{"a": [1', "json_ends_early", Spot(1, 8)),
        ("", "json_ends_early", Spot(1, 1)),
        ("[" * 200_000, "json_depth", Spot(1, 1)),
    ],
)
def test_json_that_breaks_says_why_and_where(text: str, code: str, spot: Spot) -> None:
    assert json_syntax(text.encode(), "") == (code, spot)


def test_what_pythons_reader_takes_is_found_by_the_number_of_its_byte() -> None:
    body = '{"茶": NaN}'.encode()
    assert json_syntax(body, "invalid character (byte 8)") == ("json_malformed", Spot(1, 7))
    assert json_syntax(body, "no number") == ("json_malformed", Spot(1, 1))


XML = b"""<?xml version="1.0"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" xmlns:ext="https://e.example/">
 <EPCISBody><EventList>
  <ObjectEvent>
   <epcList>
    <epc>a</epc>
    <epc>b</epc>
   </epcList>
   <extension>
    <quantityList>
     <quantityElement><epcClass>c</epcClass></quantityElement>
    </quantityList>
    <sensorElementList>
     <sensorElement>
      <sensorReport value="1"/>
      <sensorReport value="2"/>
     </sensorElement>
    </sensorElementList>
   </extension>
   <ext:field>1</ext:field>
  </ObjectEvent>
  <extension>
   <TransformationEvent>
    <readPoint><id>x</id></readPoint>
   </TransformationEvent>
  </extension>
 </EventList></EPCISBody>
</epcis:EPCISDocument>"""


@pytest.mark.parametrize(
    ("place", "spot"),
    [
        ("/epcisBody/eventList/0/epcList/1", Spot(7, 5)),
        ("/epcisBody/eventList/0/epcList/9", Spot(5, 4)),
        ("/epcisBody/eventList/0/quantityList/0/epcClass", Spot(11, 23)),
        ("/epcisBody/eventList/0/sensorElementList/0/sensorReport/1/value", Spot(16, 7)),
        ("/epcisBody/eventList/0/ext:field", Spot(20, 4)),
        ("/epcisBody/eventList/0/bizStep", Spot(4, 3)),
        ("/epcisBody/eventList/1/readPoint/id", Spot(24, 16)),
        ("/epcisBody/eventList/7", Spot(2, 1)),
        ("/schemaVersion", Spot(2, 1)),
        ("", Spot(2, 1)),
    ],
)
def test_a_place_in_xml_is_its_element(place: str, spot: Spot) -> None:
    assert find(XML, "xml", [place]) == {place: spot}


def test_the_search_in_xml_ends_when_everything_is_found() -> None:
    first = "/epcisBody/eventList/0/epcList/0"
    assert find(XML + b"<<<", "xml", [first]) == {first: Spot(6, 5)}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no xml",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<?xml version="1.0" encoding="no-such"?><a/>',
    ],
)
def test_xml_that_may_not_be_read_has_no_places(body: bytes) -> None:
    assert find(body, "xml", ["/epcisBody/eventList/0"]) == {}
