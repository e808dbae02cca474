"""Health and metrics."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client

from suyuan.tenancy.models import Organisation
from suyuan.web.shell import operations

pytestmark = pytest.mark.django_db


def test_health_passes_while_the_database_answers(stranger: Client) -> None:
    answer = stranger.get("/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "pass"
    assert answer["Cache-Control"] == "no-store"


def test_health_fails_when_the_database_does_not(stranger: Client) -> None:
    with patch.object(operations, "connection") as connection:
        connection.cursor.side_effect = OperationalError
        answer = stranger.get("/health")
    assert (answer.status_code, answer.json()["database"]) == (503, "fail")


def test_metrics_count_organisations_for_this_machine(
    stranger: Client, organisation: Organisation
) -> None:
    answer = stranger.get("/metrics", REMOTE_ADDR="127.0.0.1")
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = answer.content.decode().splitlines()
    assert "suyuan_organisations 1" in lines
    assert "suyuan_events_stored 0" in lines
    assert "suyuan_scans_recorded 0" in lines


@pytest.mark.parametrize("address", ["203.0.113.9", "not an address", ""])
def test_metrics_do_not_exist_for_other_machines(stranger: Client, address: str) -> None:
    assert stranger.get("/metrics", REMOTE_ADDR=address).status_code == 404


def test_a_proxy_on_this_machine_does_not_make_its_callers_local(stranger: Client) -> None:
    answer = stranger.get(
        "/metrics", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "203.0.113.9"}
    )
    assert answer.status_code == 404


def test_metrics_open_to_the_token_alone(stranger: Client) -> None:
    with patch.object(operations, "_metrics_token", return_value="a long token"):
        for token, status in (("a long token", 200), ("another", 404), ("", 404)):
            answer = stranger.get(
                "/metrics",
                REMOTE_ADDR="203.0.113.9",
                headers={"Authorization": f"Bearer {token}"},
            )
            assert answer.status_code == status
