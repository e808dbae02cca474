"""SOAP requests that mean ill: huge, nested, in odd encodings, with passwords that are none."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import pytest
from django.test import Client
from lxml import etree

from suyuan.tenancy.actor import Actor
from suyuan.tenancy.services import issue_token
from tests.soap_world import QUERY, param, poll, request

pytestmark = pytest.mark.django_db
CAPTURE = "/epcis/v1/capture"

type ApiClient = Callable[..., Client]

_BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">]>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>&e;</s:Body></s:Envelope>"""
_FILE = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>&f;</s:Body></s:Envelope>"""
_OPEN = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
_CLOSE = "</s:Body></s:Envelope>"


def _wrapped(content: str) -> str:
    return f"{_OPEN}{content}{_CLOSE}"


_HOSTILE = {
    "bomb": _BOMB.encode(),
    "file": _FILE.encode(),
    "empty": b"",
    "blank": b" \n",
    "binary": bytes(range(256)) * 20,
    "depth": _wrapped("<a>" * 50_000 + "</a>" * 50_000).encode(),
    "wide": _wrapped("<a/>" * 200_000).encode(),
    "attributes": _wrapped("<a " + " ".join(f'b{n}="1"' for n in range(20_000)) + "/>").encode(),
    "long name": _wrapped(f"<{'a' * 1_000_000}/>").encode(),
    "long text": _wrapped(f"<a>{'x' * 5_000_000}</a>").encode(),
    "wrong encoding": ('<?xml version="1.0" encoding="utf-16"?>' + _wrapped("<a/>")).encode(),
    "unknown encoding": ('<?xml version="1.0" encoding="x-none"?>' + _wrapped("<a/>")).encode(),
    "not utf-8": _wrapped("<a>").encode() + b"\xff\xfe" + b"</a>" + _CLOSE.encode(),
    "utf-7": ('<?xml version="1.0" encoding="utf-7"?>' + _wrapped("+ADw-a/+AD4-")).encode(),
    "two roots": (_wrapped("<a/>") * 2).encode(),
    "two bodies": _wrapped("<a/></s:Body><s:Body><b/>").encode(),
    "namespace": _wrapped('<q:Poll xmlns:q="urn:other"/>').encode(),
    "prefix": _wrapped("<zz:Poll/>").encode(),
}


@pytest.mark.parametrize("name", _HOSTILE)
@pytest.mark.parametrize("path", [QUERY, CAPTURE])
def test_what_is_no_request_is_refused_quickly(
    api_client: ApiClient, organisation: object, name: str, path: str
) -> None:
    client = api_client()
    client.raise_request_exception = False
    begun = time.monotonic()
    answer = client.post(path, _HOSTILE[name], content_type="text/xml")
    assert time.monotonic() - begun < 5
    assert b"ImplementationException" not in answer.content
    assert b"ValidationException" in answer.content
    assert b"root:" not in answer.content
    assert len(answer.content) < 20_000
    if path == CAPTURE:
        assert answer.status_code in {400, 415}


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "gb18030"]
)
def test_encodings_that_are_declared_are_read(
    api_client: ApiClient, organisation: object, encoding: str
) -> None:
    label = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    body = request("<q:GetStandardVersion/>").decode()
    body = body.partition("?>")[2] if body.startswith("<?xml") else body
    mark = "\ufeff" if encoding in {"utf-16-le", "utf-16-be"} else ""
    text = f'{mark}<?xml version="1.0" encoding="{label}"?>{body}'
    answer = api_client().post(QUERY, text.encode(encoding), content_type="text/xml")
    assert answer.status_code in {200, 500}
    assert b"ImplementationException" not in answer.content


def test_a_body_beyond_the_limit_is_refused_unread(
    api_client: ApiClient, organisation: object, settings: object
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000  # type: ignore[attr-defined]
    for path in (QUERY, CAPTURE):
        answer = api_client().post(path, b"<a/>" * 10_000, content_type="text/xml")
        assert answer.status_code == 413
        assert b"capture_limit" in answer.content


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic ",
        "Basic !!!!",
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic " + base64.b64encode(b":").decode(),
        "Basic " + base64.b64encode(b"a:\0").decode(),
        "Basic " + base64.b64encode(b"a:\xff").decode(),
        "Basic " + base64.b64encode(b"a:" + b"x" * 100_000).decode(),
        "Basic " + base64.b64encode("a:syn_é".encode()).decode(),
        "Basic " + base64.b64encode(b"a:syn_1_wrong").decode(),
        "Digest x",
        "Bearer \x7f",
    ],
)
def test_a_password_that_is_no_token_opens_nothing(db: None, header: str) -> None:
    client = Client(headers={"Authorization": header}, raise_request_exception=False)
    answer = client.post(QUERY, request("<q:GetStandardVersion/>"), content_type="text/xml")
    assert answer.status_code == 401


def test_a_token_is_the_password_of_whatever_user(actor: Actor) -> None:
    _, secret = issue_token(actor=actor, name="t", scopes=["events.view"], expires_at=None)
    for user in ("", "me", "a b"):
        told = base64.b64encode(f"{user}:{secret}".encode()).decode()
        client = Client(headers={"Authorization": f"basic {told}"})
        answer = client.post(QUERY, request("<q:GetStandardVersion/>"), content_type="text/xml")
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "value",
    [
        "https://id.gs1.org/01/09521234543213/21/%00",
        "https://id.gs1.org/01/09521234543213/21/%01%0B",
        "urn:epc:id:sgtin:9521234.000001.%01",
        "urn:epc:idpat:sgtin:*.*.*",
        "&#x10FFFF;",
        "a" * 5_000,
    ],
)
@pytest.mark.parametrize("name", ["MATCH_anyEPC", "EQ_bizLocation", "EQ_eventID", "GE_eventTime"])
def test_no_value_breaks_the_fault_that_tells_of_it(
    api_client: ApiClient, organisation: object, name: str, value: str
) -> None:
    client = api_client()
    body = request(poll("SimpleEventQuery", param(name, value)))
    answer = client.post(QUERY, body, content_type="text/xml")
    assert b"ImplementationException" not in answer.content
    etree.fromstring(answer.content)
