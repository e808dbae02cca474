"""The world of labels, for this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from suyuan.core.labels.decoding import builtins
from suyuan.labels import services
from suyuan.labels.models import LabelTemplateVersion
from suyuan.labels.starts import STARTS
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.conftest import MakeClient
from tests.issuing_world import lot, order, product

__all__ = ["lot", "order", "product"]


@pytest.fixture(autouse=True)
def _own_media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def template(actor: Actor) -> LabelTemplateVersion:
    """Return a template as the sheet of sixty begins: a code and five texts."""
    start = STARTS["sheet"]
    return services.create_template(
        actor=actor,
        name="瓶标",
        design=builtins(start.draw("zh")),
        sheet=builtins(start.paper),
    )


@pytest.fixture
def plain_page(
    chromium: Browser, live_server: LiveServer, client_as: MakeClient
) -> Iterator[Callable[[str], Page]]:
    """Return a function that opens an address in a browser that runs no script."""
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")

    def open_(path: str) -> Page:
        session = client_as(Role.PLANNER).cookies[django_settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": session.key, "value": session.value, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield open_
    context.close()
