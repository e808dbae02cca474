"""What is no EPCIS is refused, with the reason and its place, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from suyuan.capture.models import CaptureJob
from suyuan.core.epcis import DocumentError, Media, read_document
from tests.conformance import rejected_json, rejected_xml

NOW = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp() * 1e6)
CASES: list[tuple[Media, str, bytes, str, str]] = [
    *(("json", *case) for case in rejected_json.CASES),
    *(("xml", *case) for case in rejected_xml.CASES),
]


def faults(body: bytes, media: Media) -> list[tuple[str, str]]:
    try:
        found = read_document(body, now=NOW, media=media).faults
    except DocumentError as error:
        found = error.faults
    return [(fault.code, fault.place) for fault in found]


def test_the_documents_without_their_faults_are_taken() -> None:
    assert faults(rejected_json.CASES[0][1].replace(b"MagicEvent", b"ObjectEvent"), "json") == []
    for document in rejected_xml.SOUND:
        assert faults(document, "xml") == []


def test_there_are_more_than_a_hundred_and_fifty_of_them_and_no_two_are_alike() -> None:
    assert len({(media, body) for media, _, body, _, _ in CASES}) == len(CASES) > 150


@pytest.mark.parametrize(
    ("media", "body", "code", "place"),
    [(media, body, code, place) for media, _, body, code, place in CASES],
    ids=[f"{media} {name}" for media, name, *_ in CASES],
)
def test_a_document_is_refused_with_the_reason(
    media: Media, body: bytes, code: str, place: str
) -> None:
    assert (code, place) in faults(body, media)


@pytest.mark.django_db
def test_each_is_a_problem_over_http_and_nothing_is_kept(api_client: Callable[..., Client]) -> None:
    client = api_client()
    for media, name, body, code, place in CASES:
        answer = client.post("/epcis/v2/capture", body, content_type=f"application/{media}")
        assert answer.status_code == 400, (name, answer.content)
        assert answer["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert problem["type"] == "epcisException:ValidationException"
        told = {(fault["code"], fault["place"]) for fault in problem["faults"]}
        assert (code, place) in told, name
    assert not CaptureJob.objects.exists()
