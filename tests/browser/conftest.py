"""A real browser on a real server: Debian's Chromium by Playwright.

Owns: `open_page` and `violations`. Each page has a context of its own, so no test sees another's
cookies; a page that logs an error to the console, or asks another host for anything, fails its
test.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Role
from tests.conftest import MakeClient

type OpenPage = Callable[..., Page]
"""`open_page(path, role=None, organisation=None, phone=False, language="zh-CN", agent=None)`."""

type Violations = Callable[[Page], list[str]]

_AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_DESK, _PHONE = (1280, 800), (390, 844)
_PATIENCE = 30_000  # milliseconds that anything may take before a test fails


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one browser for the session."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "the browser tests need Chromium (Debian: chromium)"
    with sync_playwright() as playwright:
        # A container's root has no sandbox to offer; only our own pages are opened.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(
    chromium: Browser, live_server: LiveServer, client_as: MakeClient
) -> Iterator[OpenPage]:
    """Return a function that opens an address, signed in with a role if one is named."""
    faults: list[str] = []
    host = urlsplit(live_server.url).netloc
    contexts = []

    def note_console(message: ConsoleMessage) -> None:
        # A form that is refused is an answer, though the browser notes its status.
        if message.type == "error" and "status of 422" not in message.text:
            faults.append(f"console: {message.text}")

    def note_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.netloc != host:
            faults.append(f"asked another host: {request.url}")

    def open_(
        path: str,
        *,
        role: Role | None = None,
        organisation: Organisation | None = None,
        phone: bool = False,
        language: str = "zh-CN",
        agent: str | None = None,
    ) -> Page:
        width, height = _PHONE if phone else _DESK
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            has_touch=phone,
            user_agent=agent,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if role is not None:
            session = client_as(role, organisation).cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies(
                [{"name": session.key, "value": session.value, "url": live_server.url}]
            )
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        page.on("console", note_console)
        page.on("request", note_request)
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.goto(live_server.url + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def violations() -> Violations:
    """Return a function that names what a page does against accessibility (axe, WCAG 2.2 AA)."""
    source = _AXE.read_text(encoding="utf-8")

    def look(page: Page) -> list[str]:
        page.evaluate(source)
        found = page.evaluate("() => axe.run({resultTypes: ['violations']})")
        return [
            f"{fault['id']}: {node['target']}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]

    return look
