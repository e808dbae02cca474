"""Facts about the query language on one event: each parameter by its meaning."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.epcis.query import matches, read_query
from suyuan.core.epcis.query.parameters import PARAMETERS
from tests.query_world import CONTEXT, EVENTS, PREFIXES, ROWS

RECORDED = "2026-02-03T00:00:00.000Z"


@pytest.mark.parametrize(("name", "value", "expected"), ROWS)
def test_a_parameter_means_the_events_that_the_standard_says(
    name: str, value: object, expected: str
) -> None:
    query = read_query([(name, value)], prefixes=PREFIXES)
    found = {
        which
        for which, event in EVENTS.items()
        if matches(query, {**event, "recordTime": RECORDED}, CONTEXT)
    }
    assert found == set(expected.split())


def test_the_table_has_a_row_for_each_parameter_with_a_fixed_name() -> None:
    spellings = {name.replace("_Time", "Time") for name in PARAMETERS}
    tested = {name for name, _, _ in ROWS} | {"WD_readPoint", "WD_bizLocation", "EQ_component"}
    ordered = {f"{op}_percRank" for op in ("EQ", "GT", "LT", "LE")}
    assert spellings - tested - ordered == set()


@given(st.lists(st.sampled_from(range(len(ROWS))), min_size=2, max_size=4, unique=True))
def test_an_event_must_pass_every_parameter(rows: list[int]) -> None:
    chosen: dict[str, Any] = {}
    for at in rows:
        chosen.setdefault(ROWS[at][0], ROWS[at])
    together = read_query([row[:2] for row in chosen.values()], prefixes=PREFIXES)
    expected = set(EVENTS).intersection(*(set(row[2].split()) for row in chosen.values()))
    found = {
        which
        for which, event in EVENTS.items()
        if matches(together, {**event, "recordTime": RECORDED}, CONTEXT)
    }
    assert found == expected


def test_a_prefix_that_nobody_explains_is_compared_as_it_is_written() -> None:
    query = read_query([("EQ_ex:grade", "A")])
    assert matches(query, EVENTS["noted"], CONTEXT)
    assert matches(query, EVENTS["noted"], None)


def test_what_a_prefix_means_decides_and_not_its_letters() -> None:
    query = read_query([("EQ_mine:grade", "A"), ("@context", {"mine": PREFIXES["ex"]})])
    assert matches(query, EVENTS["noted"], CONTEXT)
    assert not matches(query, EVENTS["noted"], {"ex": "https://elsewhere.example/"})
