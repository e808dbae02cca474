"""Facts about what a query's parameters may be: every refusal has a code and its parameter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.epcis.query import EventQuery, QueryError, read_query
from suyuan.core.epcis.query.reading import MOST_TESTS, MOST_VALUES

SCHEMA = Path(__file__).parents[4] / "shared/gs1-epcis/schema/query-schema.json"


def refused(*pairs: tuple[str, object]) -> list[tuple[str, str]]:
    with pytest.raises(QueryError) as caught:
        read_query(pairs)
    return [(fault.code, fault.place) for fault in caught.value.faults]


def codes(*pairs: tuple[str, object]) -> list[str]:
    """Return the codes of a query's faults, none if it has none."""
    try:
        read_query(pairs)
    except QueryError as error:
        return [fault.code for fault in error.faults]
    return []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("nothing", "1", "query_parameter"),
        ("EQ_nothing", "1", "query_parameter"),
        ("MATCH_anything", "1", "query_parameter"),
        ("GT_bizStep", "shipping", "query_parameter"),
        ("EQ_" + "x" * 3000 + ":y", "1", "query_parameter"),
        ("eventType", "Event", "query_event_type"),
        ("EQ_action", "add", "query_action"),
        ("EQ_bizStep", "shiping", "query_word"),
        ("EQ_disposition", "lost", "query_word"),
        ("EQ_errorReason", "because", "query_word"),
        ("EQ_bizStep", "", "query_value_missing"),
        ("EQ_bizStep", [], "query_value_missing"),
        ("EQ_bizStep", [3], "query_value_text"),
        ("EQ_eventID", "a\0b", "query_value_text"),
        ("EQ_eventID", "x" * 3000, "query_value_text"),
        ("GE_eventTime", "yesterday", "query_value_time"),
        ("GE_eventTime", "2026-02-01T00:00:00", "query_value_time"),
        ("GE_eventTime", "2026-02-30T00:00:00Z", "query_value_time"),
        ("GE_eventTime", 5, "query_value_text"),
        ("GE_eventTime", ["2026-02-01T00:00:00Z"] * 2, "query_value_repeated"),
        ("EQ_quantity", "many", "query_value_number"),
        ("EQ_quantity", "1e999", "query_value_number"),
        ("EQ_quantity", True, "query_value_number"),
        ("EQ_quantity", 10**400, "query_value_number"),
        ("GT_quantity_KGM", "1|2", "query_value_repeated"),
        ("EQ_booleanValue", "maybe", "query_value_boolean"),
        ("EXISTS_errorDeclaration", "perhaps", "query_value_boolean"),
        ("EQ_ex:field", {"a": 1}, "query_value_text"),
        ("MATCH_epc", "tin", "uri_malformed"),
        ("MATCH_epc", "urn:epc:idpat:sgtin:95.*.*", "company_prefix"),
        ("MATCH_epc", "urn:epc:idpat:nothing:9521234.*", "urn_unknown_scheme"),
        ("EQ_readPoint", "https://id.gs1.org/414/9521234000014", "gln_check_digit"),
        ("orderBy", "bizStep", "query_order"),
        ("orderBy", ["eventTime", "recordTime"], "query_value_text"),
        ("orderDirection", "UP", "query_direction"),
        ("eventCountLimit", "0", "query_count"),
        ("maxEventCount", "-1", "query_count"),
        ("maxEventCount", "1.5", "query_count"),
        ("maxEventCount", True, "query_count"),
    ],
)
def test_a_parameter_that_is_not_right_is_refused_with_a_code_and_its_name(
    name: str, value: object, code: str
) -> None:
    found = refused((name, value))
    assert found[0][0] == code
    assert found[0][1].startswith(f"query:{name[:50]}")


def test_all_faults_of_a_query_are_told_together() -> None:
    found = refused(("EQ_action", "x"), ("GE_eventTime", "x"), ("what", "x"))
    assert [code for code, _ in found] == ["query_action", "query_value_time", "query_parameter"]


def test_two_kinds_of_bounds_exclude_each_other() -> None:
    found = refused(("eventCountLimit", "1"), ("maxEventCount", "2"), ("orderBy", "eventTime"))
    assert found == [("query_exclusive", "query:eventCountLimit")]


def test_the_first_so_many_need_an_order() -> None:
    assert refused(("eventCountLimit", "1")) == [("query_needs_order", "query:eventCountLimit")]


def test_a_query_has_a_bound_of_values_and_of_tests() -> None:
    many = [str(n) for n in range(MOST_VALUES + 1)]
    assert refused(("EQ_stringValue", many)) == [("query_too_many_values", "query:")]
    pairs = [(f"EXISTS_ex:f{n}", "true") for n in range(MOST_TESTS + 1)]
    assert refused(*pairs) == [("query_too_many_values", "query:")]


def test_text_lists_and_repetition_ask_the_same() -> None:
    text = read_query([("EQ_bizStep", "shipping|receiving")])
    listed = read_query([("EQ_bizStep", ["shipping", "receiving"])])
    again = read_query([("EQ_bizStep", "shipping"), ("EQ_bizStep", "receiving")])
    assert text == listed == again


def test_an_order_is_descending_unless_it_says_otherwise() -> None:
    assert read_query([("orderBy", "eventTime")]).descending
    assert not read_query([("orderBy", "recordTime"), ("orderDirection", "ASC")]).descending
    ordered = read_query([("orderBy", "ex:weight")], prefixes={"ex": "https://ex.example/"})
    assert ordered.order_field is not None
    assert ordered.order_field.namespace == "https://ex.example"


@pytest.mark.skipif(not SCHEMA.exists(), reason="GS1's schema is not at hand")
def test_every_parameter_of_the_standards_schema_is_known() -> None:
    schema = json.loads(SCHEMA.read_text())["definitions"]["EPCIS-Query"]
    samples = {"date-time": "2026-01-01T00:00:00Z", "uri": "urn:example:x"}
    for name in schema["properties"]:
        if name != "@context":
            assert "query_parameter" not in codes((name, "1"), ("orderBy", "eventTime")), name
    for pattern in schema["patternProperties"]:
        name = (
            pattern.strip("^$")
            .replace("[a-z][a-zA-Z0-9]*\\\\:\\\\w+", "ex:name")
            .replace("[a-z][a-zA-Z0-9_]+", "po")
            .replace("[A-Z0-9]{2,4}", "KGM")
            .replace("\\\\w+", "name")
        )
        value = samples["uri"] if "po" in name.split("_") else "1"
        assert isinstance(read_query([(name, value)]), EventQuery), name


@given(st.dictionaries(st.text(max_size=30), st.none() | st.text() | st.floats() | st.booleans()))
def test_nothing_but_a_refusal_comes_of_what_is_no_query(pairs: dict[str, object]) -> None:
    assert all(codes(*pairs.items()))
