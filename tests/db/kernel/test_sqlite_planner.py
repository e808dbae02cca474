"""Facts about SQLite's plans: the index that names most columns is used, also when empty."""

from __future__ import annotations

import pytest
from django.db import connection

from suyuan.kernel.lists import select, within

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's planner"),
]


@pytest.mark.parametrize(
    ("table", "column", "index"),
    [
        ("capture_storedevent", "id_hash", "event_id_hash"),
        ("capture_storedevent", "seq", "PRIMARY KEY"),
        ("capture_foreignidentity", "key", "sqlite_autoindex_capture_foreignidentity_1"),
        ("capture_traceentry", "key", "PRIMARY KEY"),
    ],
)
def test_a_look_up_of_many_keys_uses_the_index_that_names_them(
    table: str, column: str, index: str
) -> None:
    condition, parameter = within(column, range(50))
    question = f"SELECT * FROM {table} WHERE organisation_id = %s AND {condition}"  # noqa: S608
    plan = select(f"EXPLAIN QUERY PLAN {question}", (1, parameter))
    assert f"{index} (organisation_id=? AND {column}=?)" in plan[0][3]


def test_every_index_that_begins_with_the_organisation_has_its_statistics() -> None:
    known = {name for (name,) in select("SELECT idx FROM sqlite_stat1", ())}
    indexes = select(
        "SELECT l.name FROM pragma_table_list AS t JOIN pragma_index_list(t.name) AS l "
        "JOIN pragma_index_info(l.name) AS i ON i.seqno = 0 AND i.name = 'organisation_id' "
        "WHERE t.schema = 'main' AND NOT (l.origin = 'pk' AND t.wr)",
        (),
    )
    assert len(indexes) > 20
    assert {name for (name,) in indexes} <= known
