"""Addresses that lead inside by another spelling, and beginnings that are not there any more."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from suyuan.capture.forgetting import forget_events
from suyuan.kernel.posting.destinations import (
    DestinationFault,
    DestinationRefused,
    read_destination,
    resolve,
)
from suyuan.subscriptions.models import NamedQuery
from suyuan.subscriptions.selectors import last_seq, last_seq_before
from suyuan.subscriptions.services import subscribe
from suyuan.tenancy.actor import Actor
from tests.subscriptions_world import Capture


@pytest.mark.parametrize(
    "url",
    [
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://127.0.0.1./",
        "https://127.0.0.01/",
        "https://1.2.3.4.5/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[::127.0.0.1]/",
        "https://[::ffff:0:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:0:7f00:1::]/",
        "https://[2a00::5efe:7f00:1]/",
        "https://[2a00::200:5efe:a00:1]/",
        "https://[fec0::1]/",
        "https://[fc00::1]/",
        "https://[fe80::1%25eth0]/",
        "https://[::]/",
        "https://0.0.0.0/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.100.100.200/",
        "https://user:pass@a.example/",
        "https://a.example@127.0.0.1/",
        "https://a.example\\@127.0.0.1/",
        "https://a.example:0/",
        "https://a.example:99999/",
        "https://①②⑦.0.0.1/",
        "https://a.example/\r\nX-Evil: 1",
        "https://a.example/\tb",
        "file:///etc/passwd",
        "gopher://a.example/",
        "https:///path",
        "//a.example/",
        "https://a.example/" + "x" * 2_000,
    ],
)
def test_address_that_leads_inside_or_nowhere_is_refused_when_it_is_given(url: str) -> None:
    with pytest.raises(DestinationRefused):
        read_destination(url)


@pytest.mark.parametrize("name", ["localhost", "localhost.", "ip6-localhost", "LOCALHOST"])
def test_name_of_this_machine_is_refused_when_it_is_used(name: str) -> None:
    with pytest.raises(DestinationFault):
        resolve(read_destination(f"https://{name}/"))


@pytest.mark.parametrize("url", ["https://1.example/", "https://a.1x/", "https://[2a00::1]/"])
def test_names_with_digits_and_public_addresses_are_taken(url: str) -> None:
    assert read_destination(url).url == url


@pytest.mark.django_db
def test_a_sandbox_that_was_emptied_can_be_subscribed_from_its_beginning(
    actor: Actor, shipping: NamedQuery, capture: Capture
) -> None:
    capture(5)
    beginning = datetime(2020, 1, 1, tzinfo=UTC)
    assert last_seq_before(actor.organisation_id, beginning) == 0
    organisation = actor.organisation
    organisation.sandbox_of_id = organisation.pk
    forget_events(organisation)
    assert last_seq(actor.organisation_id) == 5
    made = subscribe(
        actor=actor,
        query_name="shipped",
        dest="https://a.example/",
        stream=True,
        initial_record_time=beginning,
    )
    assert made.after_seq == 5
    (seq,) = capture()
    assert seq == 6
    assert last_seq_before(actor.organisation_id, beginning) == 5
