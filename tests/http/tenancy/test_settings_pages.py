"""The settings pages: gates, forms, what they show and what they escape."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from smtplib import SMTPException
from unittest import mock

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from suyuan.tenancy import selectors, services
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import ApiToken, Organisation, User
from suyuan.tenancy.rights import DEFAULT_GRANTS, Right, Role

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert("1")</script>'

type MakeMember = Callable[..., User]
type MakeClient = Callable[..., Client]


@pytest.fixture
def owner(client_as: MakeClient) -> Client:
    client = client_as(Role.OWNER)
    client.cookies["django_language"] = "en"
    return client


def address(name: str, organisation: Organisation, *rest: str | int) -> str:
    return reverse(f"tenancy:{name}", args=[organisation.slug, *rest])


def test_a_stranger_signs_in_first_and_comes_back(
    stranger: Client, organisation: Organisation
) -> None:
    url = address("audit", organisation) + "?kind=lot"
    answer = stranger.get(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert "kind%3Dlot" in answer["Location"]


def test_anothers_organisation_and_no_organisation_give_the_same_page(
    client_as: MakeClient, organisation: Organisation, other_organisation: Organisation
) -> None:
    client = client_as(Role.OWNER, other_organisation)
    pages = []
    for slug in (organisation.slug, "nowhere-at-all"):
        answer = client.get(reverse("tenancy:people", args=[slug]))
        assert answer.status_code == 404
        page = answer.content.decode().replace(slug, "…")
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))
    assert pages[0] == pages[1]
    assert organisation.name_zh not in pages[0]


def test_a_missing_right_is_named_in_the_readers_language(
    client_as: MakeClient, organisation: Organisation
) -> None:
    client = client_as(Role.PLANNER)
    client.cookies["django_language"] = "en"
    answer = client.get(address("people", organisation))
    assert answer.status_code == 403
    assert "Manage people, roles and rights" in answer.content.decode()


def test_hostile_names_are_shown_as_text(owner: Client, organisation: Organisation) -> None:
    form = {"name_zh": HOSTILE, "name_en": HOSTILE}
    assert owner.post(address("rename", organisation), form).status_code == 302
    owner.post(address("tokens", organisation), {"name": HOSTILE, "scopes": "events.view"})
    user = User.objects.get(memberships__role="owner", email__startswith="owner.")
    services.update_profile(user=user, name=HOSTILE, language="en")
    for name in ("organisation", "people", "tokens", "audit", "roles"):
        page = owner.get(address(name, organisation)).content.decode()
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page
    assert HOSTILE not in owner.get(reverse("profile")).content.decode()


def test_names_and_prefixes_are_kept(owner: Client, organisation: Organisation) -> None:
    assert owner.post(address("rename", organisation), {"name_zh": ""}).status_code == 422
    bad = owner.post(address("rename", organisation), {"name_zh": "茶\N{RIGHT-TO-LEFT OVERRIDE}"})
    assert bad.status_code == 422
    add = address("prefix_add", organisation)
    assert owner.post(add, {}).status_code == 422
    refused = owner.post(add, {"company_prefix": "2901234"})
    assert refused.status_code == 422
    assert "restricted circulation" in refused.content.decode()
    owner.post(add, {"company_prefix": "6901234"})
    page = owner.get(address("organisation", organisation)).content.decode()
    assert "Remove 6901234" in page
    assert owner.post(address("prefix_remove", organisation, "6901234")).status_code == 302
    assert owner.post(address("prefix_remove", organisation, "6901234")).status_code == 404


def test_one_who_may_not_edit_sees_the_names_without_a_form(
    client_as: MakeClient, organisation: Organisation
) -> None:
    client = client_as(Role.MARKETING)
    page = client.get(address("organisation", organisation)).content.decode()
    assert organisation.name_en in page
    assert 'name="name_zh"' not in page
    assert client.post(address("rename", organisation), {"name_zh": "茶"}).status_code == 403


def test_an_invitation_is_mailed_shown_once_and_accepted(
    owner: Client, organisation: Organisation
) -> None:
    form = {"email": "bo@example.com", "role": "quality"}
    page = owner.post(address("invite", organisation), form)
    assert page["Cache-Control"] == "no-store"
    [letter] = mail.outbox
    assert letter.to == ["bo@example.com"]
    [link] = re.findall(r"http://127\.0\.0\.1:8000(/app/invitations/\S+)", str(letter.body))
    assert link in unescape(page.content.decode())
    assert link not in owner.get(address("people", organisation)).content.decode()

    bo = Client()
    assert bo.get(link).status_code == 302
    bo.force_login(
        User.objects.create_user(email="bo@example.com", password="kettle and leaves"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert bo.get(link).status_code == 200
    assert bo.post(link)["Location"] == f"/app/{organisation.slug}/"
    assert bo.post(link).status_code == 409
    assert owner.get(link).status_code == 404, "it was sent to another address"
    assert owner.post(link).status_code == 404


def test_an_invitation_that_cannot_be_mailed_is_handed_over(
    owner: Client, organisation: Organisation
) -> None:
    form = {"email": "bo@example.com", "role": "quality"}
    with mock.patch("django.core.mail.EmailMessage.send", side_effect=SMTPException):
        page = owner.post(address("invite", organisation), form).content.decode()
    assert "could not be sent" in page
    assert "/app/invitations/" in page


def test_faulty_invitations_are_told(owner: Client, organisation: Organisation) -> None:
    url = address("invite", organisation)
    assert owner.post(url, {"email": "nobody", "role": "quality"}).status_code == 422
    user = User.objects.get(email__startswith="owner.")
    answer = owner.post(url, {"email": user.email, "role": "quality"})
    assert answer.status_code == 422
    assert "is a member already" in answer.content.decode()


def test_an_invitation_is_withdrawn(owner: Client, organisation: Organisation) -> None:
    owner.post(address("invite", organisation), {"email": "bo@example.com", "role": "quality"})
    url = address("withdraw", organisation)
    assert owner.post(url, {"email": "bo@example.com"}).status_code == 302
    again = owner.post(url, {"email": "bo@example.com"}, follow=True)
    assert "does not exist" in again.content.decode()
    assert selectors.open_invitations(organisation.pk) == []


def test_roles_change_and_members_go(
    owner: Client, organisation: Organisation, member: MakeMember
) -> None:
    bo = member(Role.PARTNER)
    url = address("role", organisation)
    page = owner.post(url, {"email": bo.email, "role": "quality"}, follow=True).content.decode()
    assert "is now: Quality" in page
    assert owner.post(url, {"email": bo.email, "role": "king"}).status_code == 400
    gone = address("remove", organisation, bo.email)
    assert owner.get(gone).status_code == 200
    page = owner.post(gone, {"email": bo.email}, follow=True).content.decode()
    assert "is no member any more" in page
    assert owner.get(gone).status_code == 404


def test_the_last_owner_is_told_why_they_stay(
    owner: Client, organisation: Organisation, actor: Actor
) -> None:
    for row in selectors.members(organisation.pk):
        if not row.user.email.startswith("owner."):
            services.remove_member(actor=actor, email=row.user.email)
    [last] = selectors.members(organisation.pk)
    answer = owner.post(
        address("remove", organisation, last.user.email), {"email": last.user.email}
    )
    assert answer.status_code == 422
    assert "at least one owner" in answer.content.decode()
    page = owner.post(
        address("role", organisation), {"email": last.user.email, "role": "partner"}, follow=True
    )
    assert "at least one owner" in page.content.decode()


def test_the_table_of_rights_is_saved_whole(owner: Client, organisation: Organisation) -> None:
    url = address("roles", organisation)
    ticks = [
        f"{role.value}:{right.value}"
        for role, rights in DEFAULT_GRANTS.items()
        for right in rights
        if role is not Role.PARTNER
    ]
    assert owner.post(url, {"grant": ticks}).status_code == 302
    assert selectors.grants_table(organisation.pk)[Role.PARTNER] == frozenset()
    entry = selectors.audit_entries(organisation.pk)[0]
    assert entry.changes == {right.value: [True, False] for right in DEFAULT_GRANTS[Role.PARTNER]}
    refused = owner.post(url, {"grant": []})
    assert refused.status_code == 422
    assert selectors.grants_table(organisation.pk)[Role.OWNER] == frozenset(Right)
    assert 'value="partner:events.view"' in owner.get(url).content.decode()


def test_a_token_is_shown_once_and_revoked(owner: Client, organisation: Organisation) -> None:
    url = address("tokens", organisation)
    form = {"name": "line 3", "life": "30", "scopes": ["events.capture"]}
    page = owner.post(url, form)
    [secret] = set(re.findall(r"syn_[a-z2-7]+_[\w-]{40,}", page.content.decode()))
    assert page["Cache-Control"] == "no-store"
    assert secret not in owner.get(url).content.decode()
    assert services.authenticate_token(secret) is not None
    token = ApiToken.objects.get()
    assert token.expires_at is not None
    assert owner.post(address("revoke", organisation, token.id)).status_code == 302
    assert services.authenticate_token(secret) is None
    assert owner.post(address("revoke", organisation, 1)).status_code == 404
    assert owner.post(url, {"name": "", "scopes": []}).status_code == 422
    assert (
        owner.post(
            url, {"name": "a\N{RIGHT-TO-LEFT OVERRIDE}b", "scopes": "events.view"}
        ).status_code
        == 422
    )


def test_a_token_offers_no_more_than_its_makers_rights(
    client_as: MakeClient, organisation: Organisation, actor: Actor
) -> None:
    services.set_grants(actor=actor, role="planner", rights=["tokens.manage", "events.view"])
    client = client_as(Role.PLANNER)
    url = address("tokens", organisation)
    assert 'value="recall.act"' not in client.get(url).content.decode()
    assert client.post(url, {"name": "x", "scopes": ["recall.act"]}).status_code == 422
    services.set_grants(actor=actor, role="planner", rights=["tokens.manage"])
    assert not ApiToken.objects.exists()


def test_the_audit_trail_is_narrowed_paged_and_exported(
    owner: Client, organisation: Organisation, actor: Actor
) -> None:
    for number in range(60):
        actor.audit("lot.opened", kind="lot", object_id=f"L-{number}", changes={"note": number})
    url = address("audit", organisation)
    page = owner.get(url, {"kind": "lot"}).content.decode()
    assert page.count(">lot.opened</span>") == 50
    second = owner.get(url, {"kind": "lot", "page": "2"}).content.decode()
    assert second.count(">lot.opened</span>") == 10
    empty = owner.get(url, {"since": "2001-01-01", "until": "2001-01-02"}).content.decode()
    assert "Nothing matches" in empty
    answer = owner.get(address("audit_csv", organisation), {"object": "L-7"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[4] for row in rows[1:]] == ["L-7"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_an_exported_cell_is_no_formula(
    owner: Client, organisation: Organisation, actor: Actor, start: str
) -> None:
    actor.audit("thing.done", kind="thing", object_id=f"{start}cmd|' /C calc'!A0")
    answer = owner.get(address("audit_csv", organisation), {"kind": "thing"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    [row] = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert row[4].startswith("'")
