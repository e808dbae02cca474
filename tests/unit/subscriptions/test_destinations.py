"""Where messages may go: a server that opens connections for others must choose whither."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from suyuan.config.environment import read_environment
from suyuan.kernel.posting.destinations import (
    DestinationFault,
    DestinationRefused,
    read_destination,
    resolve,
)
from suyuan.kernel.posting.sending import send
from suyuan.kernel.posting.signing import is_signed, signature

_PUBLIC = "93.184.215.14"


def _answers(*addresses: str) -> list[Any]:
    return [
        (
            socket.AF_INET6 if ":" in one else socket.AF_INET,
            socket.SOCK_STREAM,
            6,
            "",
            (one, 443),
        )
        for one in addresses
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.1.1/",
        "https://172.16.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://[::1]/",
        "https://[::]/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[ff02::1]/",
    ],
)
def test_numeric_address_that_is_not_public_is_refused(url: str) -> None:
    with pytest.raises(DestinationRefused) as caught:
        read_destination(url)
    assert caught.value.code == "dest_private"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.com/", "dest_plain"),
        ("ftp://example.com/", "dest_url"),
        ("file:///etc/passwd", "dest_url"),
        ("gopher://example.com/", "dest_url"),
        ("https:///path", "dest_url"),
        ("https://example.com:0/", "dest_url"),
        ("https://example.com:99999/", "dest_url"),
        ("https://[::1", "dest_url"),
        ("https://user:secret@example.com/", "dest_user"),
        ("https://127.0.0.1@example.com/", "dest_user"),
        ("https://exa mple.com/", "dest_url"),
        ("https://example.com/\r\nX-Evil: 1", "dest_url"),
        ("https://example.com/" + "a" * 2_000, "dest_url"),
        ("https://例子.com/", "dest_url"),
        ("", "dest_url"),
    ],
)
def test_address_that_is_none_of_the_web_is_refused(url: str, code: str) -> None:
    with pytest.raises(DestinationRefused) as caught:
        read_destination(url)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], [_PUBLIC, "10.0.0.1"], ["::ffff:10.0.0.1"], ["169.254.169.254"], ["fe80::1"]],
)
def test_name_that_leads_inside_is_refused_when_it_is_used(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    where = read_destination("https://innocent.example/")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: _answers(*addresses))
    with pytest.raises(DestinationFault) as caught:
        resolve(where)
    assert caught.value.code == "address_refused"
    assert send(where, b"{}", {}, seconds=2).error == "address_refused"


def test_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def rebinding(host: str, *_a: Any, **_k: Any) -> list[Any]:
        asked.append(host)
        return _answers(_PUBLIC if len(asked) == 1 else "127.0.0.1")

    connected: list[object] = []

    def connect(_self: socket.socket, address: object) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket.socket, "connect", connect)
    outcome = send(read_destination("https://rebinding.example/"), b"{}", {}, seconds=2)
    assert outcome.error == "unreachable"
    assert connected == [(_PUBLIC, 443)]
    assert len(asked) == 1


def test_operator_may_allow_hosts_and_networks(settings: Settings) -> None:
    settings.ENVIRONMENT = replace(
        django_settings.ENVIRONMENT, webhook_allow=("10.1.0.0/16", "erp.lan")
    )
    assert read_destination("http://10.1.2.3:8080/in?x=1").authority == "10.1.2.3:8080"
    assert read_destination("http://ERP.lan/").port == 80
    assert not read_destination("http://[::ffff:10.1.2.3]/").secure
    with pytest.raises(DestinationRefused):
        read_destination("http://10.2.2.3/")
    with pytest.raises(DestinationRefused):
        read_destination("http://other.lan/")


def test_setting_is_read_from_the_environment() -> None:
    told = {"SUYUAN_WEBHOOK_ALLOW": "erp.lan, 10.1.0.0/16 fd00::/8", "SUYUAN_SECRET_KEY": "x" * 40}
    assert read_environment(told).webhook_allow == ("erp.lan", "10.1.0.0/16", "fd00::/8")


@pytest.mark.parametrize("text", ["10.1.0.0/33", "10.1.0.1/16", "erp_lan/", "10.1.300.0"])
def test_setting_that_is_mistyped_is_refused(text: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        read_environment({"SUYUAN_WEBHOOK_ALLOW": text, "SUYUAN_SECRET_KEY": "x" * 40})


def test_unknown_name_is_an_outcome_and_no_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_a: Any, **_k: Any) -> list[Any]:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    outcome = send(read_destination("https://nowhere.example/"), b"{}", {}, seconds=2)
    assert (outcome.status, outcome.error) == (None, "host_unknown")


def test_signature_is_the_hmac_of_time_and_body() -> None:
    header = signature(b"token", b'{"a":1}', at=1_767_225_600)
    assert header == (
        "t=1767225600,v1=e2f3370879a6160df4df577b33d5a7e7206265905268656b5d64efd35660dbf0"
    )


def test_signature_holds_for_this_body_this_token_and_a_while() -> None:
    header = signature(b"token", b"body", at=1_000_000)
    assert is_signed(b"token", b"body", header, now=1_000_200)
    assert not is_signed(b"token", b"body", header, now=1_000_301)
    assert not is_signed(b"token", b"other", header, now=1_000_000)
    assert not is_signed(b"other", b"body", header, now=1_000_000)
    for broken in ("", "t=1", "v1=x", "t=x,v1=y", "t=1000000,v1=", header.replace("v1", "v2")):
        assert not is_signed(b"token", b"body", broken, now=1_000_000)
