"""Signing up, signing in, resetting a password, the second factor."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from suyuan.tenancy.models import Organisation, User
from suyuan.tenancy.rights import Role

pytestmark = pytest.mark.django_db

PASSWORD = "kettle and leaves"

type MakeMember = Callable[..., User]


def totp(secret: str, at: float) -> str:
    """Return the code of RFC 6238 for a base-32 secret."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    answer = client.post(reverse("account_login"), {"login": email, "password": password})
    return answer.status_code


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_entrance_pages_stand_in_our_frame(stranger: Client, name: str, language: str) -> None:
    stranger.cookies["django_language"] = language
    page = stranger.get(reverse(name)).content.decode()
    assert 'class="sy-narrow-card"' in page
    assert page.count("<h1>") == 1
    assert "style=" not in page


def test_a_newcomer_signs_up_makes_an_organisation_and_is_at_home(stranger: Client) -> None:
    form = {"email": "new@example.com", "password1": PASSWORD}
    answer = stranger.post(reverse("account_signup"), form)
    assert (answer.status_code, answer["Location"]) == (302, "/app/")
    page = stranger.get("/app/").content.decode()
    assert reverse("new_organisation") in page
    answer = stranger.post(
        reverse("new_organisation"), {"name_zh": "新茶", "name_en": "", "slug": "new-tea"}
    )
    assert answer["Location"] == "/app/new-tea/"
    assert stranger.get("/app/new-tea/settings/").status_code == 200


def test_a_taken_address_is_told_at_its_field(
    client_as: Callable[..., Client], organisation: Organisation
) -> None:
    client = client_as(Role.PARTNER)
    form = {"name_zh": "茶", "slug": organisation.slug}
    answer = client.post(reverse("new_organisation"), form)
    assert answer.status_code == 422
    assert "id_slug_fault" in answer.content.decode()


def test_a_wrong_password_and_an_unknown_address_look_alike(
    member: MakeMember, stranger: Client
) -> None:
    user = member(Role.PLANNER)
    pages = [
        stranger.post(
            reverse("account_login"), {"login": email, "password": "wrong wrong"}
        ).content.decode()
        for email in (user.email, "nobody@example.com")
    ]
    faults = [re.findall(r'role="alert".*?</div></div>', page, re.DOTALL) for page in pages]
    assert faults[0]
    assert faults[0] == faults[1]


def test_a_password_reset_tells_nobody_who_is_known(member: MakeMember, stranger: Client) -> None:
    user = member(Role.PLANNER)
    for email in (user.email, "nobody@example.com"):
        answer = stranger.post(reverse("account_reset_password"), {"email": email})
        assert answer["Location"] == reverse("account_reset_password_done")
    assert {message.to[0] for message in mail.outbox} == {user.email, "nobody@example.com"}


def test_a_password_is_reset_through_the_letter(member: MakeMember, stranger: Client) -> None:
    user = member(Role.PLANNER)
    stranger.post(reverse("account_reset_password"), {"email": user.email})
    [link] = re.findall(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    page = stranger.get(link, follow=True)
    address = page.redirect_chain[-1][0]
    answer = stranger.post(
        address, {"password1": "oolong and snow", "password2": "oolong and snow"}
    )
    assert answer.status_code == 302
    assert sign_in(Client(), user.email) == 200
    assert sign_in(Client(), user.email, "oolong and snow") == 302


def test_signing_up_hides_known_addresses_where_letters_are_sent(
    member: MakeMember, stranger: Client, settings: Settings
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    user = member(Role.PLANNER)
    answers = [
        Client().post(reverse("account_signup"), {"email": email, "password1": PASSWORD})
        for email in (user.email, "new@example.com")
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]


def test_guessing_a_password_is_slowed_down(member: MakeMember, stranger: Client) -> None:
    user = member(Role.PLANNER)
    for _ in range(5):
        assert sign_in(stranger, user.email, "wrong wrong") == 200
    assert sign_in(stranger, user.email) == 200, "the right password is not tried any more"
    assert sign_in(Client(), member(Role.PLANNER).email) == 302, "others are not held up"


def enrol(client: Client) -> str:
    """Give the password once more, switch the second factor on, and return its secret."""
    again = client.get(reverse("mfa_activate_totp"))
    assert again["Location"].startswith(reverse("account_reauthenticate"))
    assert client.get(again["Location"]).status_code == 200
    assert client.post(again["Location"], {"password": PASSWORD}).status_code == 302
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    [secret] = re.findall(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page)
    assert "data:image/svg+xml" in page
    answer = client.post(reverse("mfa_activate_totp"), {"code": totp(secret, time.time())})
    assert answer.status_code == 302
    return str(secret)


def test_a_second_factor_is_enrolled_asked_for_and_kept_sealed(member: MakeMember) -> None:
    user = member(Role.OWNER)
    client = Client()
    assert sign_in(client, user.email) == 302
    secret = enrol(client)
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))

    later = Client()
    answer = later.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert later.get("/app/profile/").status_code == 302, "the password alone does not sign in"
    assert later.get(reverse("mfa_authenticate")).status_code == 200
    assert later.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    # The code that enrolled cannot be used again: take the next one, which is within tolerance.
    fresh = totp(secret, time.time() + 30)
    answer = later.post(reverse("mfa_authenticate"), {"code": fresh})
    assert answer.status_code == 302
    assert later.get("/app/profile/").status_code == 200


def test_a_recovery_code_signs_in_once(member: MakeMember) -> None:
    user = member(Role.OWNER)
    client = Client()
    sign_in(client, user.email)
    enrol(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    [block] = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    code = block.split()[0]
    for expected in (302, 200):
        later = Client()
        sign_in(later, user.email)
        answer = later.post(reverse("mfa_authenticate"), {"code": code})
        assert answer.status_code == expected


@pytest.mark.parametrize(
    "name", ["account_email", "account_change_password", "mfa_index", "account_logout"]
)
def test_the_pages_of_ones_own_account_stand_in_our_frame(member: MakeMember, name: str) -> None:
    client = Client()
    sign_in(client, member(Role.PLANNER).email)
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert 'class="sy-narrow-card"' in answer.content.decode()


def test_a_profile_changes_the_language_at_once_and_at_the_next_sign_in(member: MakeMember) -> None:
    user = member(Role.PLANNER)
    client = Client()
    sign_in(client, user.email)
    assert "django_language" not in client.cookies
    client.post(reverse("profile"), {"name": "Ann", "language": "en"})
    assert "My profile" in client.get(reverse("profile")).content.decode()
    again = Client()
    sign_in(again, user.email)
    assert again.cookies["django_language"].value == "en"
    assert client.post(reverse("profile"), {"name": "Ann", "language": "xx"}).status_code == 422


def test_one_with_one_organisation_goes_there(
    client_as: Callable[..., Client], organisation: Organisation
) -> None:
    client = client_as(Role.PLANNER)
    assert client.get("/app/")["Location"] == f"/app/{organisation.slug}/"
