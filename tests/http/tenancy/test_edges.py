"""How refusals become pages, sentences and problem documents."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import override

from suyuan.api.problems import on_not_found, on_suyuan_error
from suyuan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from suyuan.tenancy import errors
from suyuan.tenancy.rights import Right, Role
from suyuan.web import errors as pages
from suyuan.web import messages as web_messages
from suyuan.web.gate import public
from suyuan.web.messages import MESSAGES, sentence

type Handler = Callable[[HttpRequest, Exception], HttpResponse]


@pytest.mark.parametrize(
    ("handler", "exception", "status"),
    [
        (pages.bad_request, SuspiciousOperation(), 400),
        (pages.forbidden, PermissionDenied(), 403),
        (pages.not_found, Http404(), 404),
    ],
)
def test_what_django_refuses_gets_our_page(
    rf: RequestFactory, handler: Handler, exception: Exception, status: int
) -> None:
    answer = handler(rf.get("/"), exception)
    assert answer.status_code == status
    assert b"sy-narrow-card" in answer.content


def test_our_own_fault_is_told_without_asking_anything(rf: RequestFactory) -> None:
    with override("en"):
        answer = pages.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert b"A fault on our side" in answer.content


def test_a_stale_form_says_that_nothing_was_saved(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "en"
    answer = client.post(reverse("account_login"), {"login": "a"})
    assert answer.status_code == 403
    assert "Nothing has been saved" in answer.content.decode()


def test_a_public_pages_refusal_is_a_page(rf: RequestFactory) -> None:
    @public
    def view(request: HttpRequest) -> HttpResponse:
        raise Conflict

    assert view(rf.get("/")).status_code == 409


def test_an_organisation_without_any_name_is_refused_at_its_field(
    db: None, client_as: Callable[..., Client]
) -> None:
    client = client_as(Role.PARTNER)
    answer = client.post(reverse("new_organisation"), {"slug": "x"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Forbidden(right=Right.EVENTS_VIEW), "does not have the right “See events”."),
        (errors.BeyondRights(rights=["recall.act", "events.view"]), "recalls, See events."),
        (errors.SlugTaken(), "The address “—” is taken"),
        (Invalid("never_heard_of"), "never_heard_of"),
    ],
)
def test_a_code_becomes_a_sentence(error: Any, words: str) -> None:
    with override("en"):
        assert words in sentence(error)


def test_every_tenancy_error_has_a_sentence() -> None:
    codes = {
        kind.code
        for kind in vars(errors).values()
        if isinstance(kind, type) and hasattr(kind, "code")
    }
    assert codes <= set(MESSAGES)


def test_no_code_has_two_sentences() -> None:
    folder = Path(web_messages.__file__).parent
    modules = [import_module(f"suyuan.web.messages.{one.stem}") for one in folder.glob("[a-z]*.py")]
    told = Counter(code for module in modules for code in module.ROWS)
    assert len(modules) > 20
    assert [code for code, count in told.items() if count > 1] == []
    assert set(told) <= set(MESSAGES)


def test_a_problem_writes_sets_as_lists_and_long_numbers_as_text(rf: RequestFactory) -> None:
    answer = on_suyuan_error(rf.get("/"), Conflict(rights={"b", "a"}, key=2**60, count=3))
    document = json.loads(answer.content)
    assert (document["rights"], document["key"], document["count"]) == (["a", "b"], str(2**60), 3)


def test_an_object_that_is_not_there_is_a_problem(rf: RequestFactory) -> None:
    assert on_not_found(rf.get("/"), Http404()).status_code == 404
    assert on_suyuan_error(rf.get("/"), NotFound()).status_code == 404
