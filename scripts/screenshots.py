"""Take the pictures of the documentation from what runs, so that they show what is.

Owns: which screens, at which sizes, and where the pictures go (`docs/screenshots/`).

`readme/` is the demonstration: `suyuan demo` is started in a folder of its own on a spare port,
says itself how to sign in and what to look at, and is stopped again. `acceptance/` is the first day
of a newcomer and a recall from complaint to approval: the browser tests that walk them take the
pictures of the guide.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

_ROOT = Path(__file__).resolve().parent.parent
_FOLDER = _ROOT / "docs" / "screenshots" / "readme"
_WALK = _ROOT / "docs" / "screenshots" / "acceptance"
_SUYUAN = Path(sysconfig.get_path("scripts")) / "suyuan"
_PATIENCE = 300.0  # seconds that loading the demonstration may take
_EMAIL = re.compile(r"[\w.+-]+@[\w.-]+\w")
_PASSWORD = re.compile(r"(?:password|密码)\W+(\S+)", re.IGNORECASE)
_CONSUMER = re.compile(r"https?://\S+(/01/\d{14}/21/\S+)")

_RECALL = re.compile(r"https?://\S+(/app/\S+/recalls/new/\S+)")
_CASE = re.compile(r"https?://\S+(/app/\S+/recalls/RC-\S+/)")
_LARGEST = 200_000  # bytes of one picture
_SAMPLE = "option:text-matches('塬上|Plateau')"  # an order whose labels it is for
_TEMPLATE = "main .sy-lb-card:has-text('酒瓶标签')"

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@dataclass(slots=True)
class Demonstration:
    """A running demonstration and what it has printed so far."""

    address: str
    printed: str = ""

    def find(self, pattern: re.Pattern[str]) -> str:
        """Return what the demonstration says about itself.

        Raises:
            SystemExit: it does not say so.
        """
        if found := pattern.search(self.printed):
            return found[found.re.groups]
        raise SystemExit(f"suyuan demo does not print what {pattern.pattern} finds")


def _spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def demonstration() -> Iterator[Demonstration]:
    """Serve the demonstration while the context lasts."""
    port = _spare_port()
    folder = tempfile.mkdtemp(prefix="suyuan-screenshots-")
    environment = os.environ | {
        "PORT": str(port),
        "SUYUAN_DATA_DIR": folder,
        "PYTHONUNBUFFERED": "1",
    }
    running = Demonstration(f"http://127.0.0.1:{port}")
    process = subprocess.Popen(
        [str(_SUYUAN), "demo"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )

    def read() -> None:
        for line in process.stdout or ():
            running.printed += line

    Thread(target=read, daemon=True).start()
    try:
        limit = monotonic() + _PATIENCE
        while not _accepts(port):
            if process.poll() is not None or monotonic() > limit:
                raise SystemExit(f"suyuan demo did not come up:\n{running.printed}")
            sleep(0.2)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _sign_in(page: Page, running: Demonstration) -> str:
    """Sign in and return the address of the organisation's home."""
    page.goto(f"{running.address}/accounts/login/?next=/app/")
    page.fill("input[name=login]", running.find(_EMAIL))
    page.fill("input[name=password]", running.find(_PASSWORD))
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/app/[^/]+/$"))
    return page.url.rstrip("/") + "/"


def _keep(page: Page, name: str) -> None:
    """Write what the page shows with a palette; screens have few colours."""
    image = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    path = _FOLDER / f"{name}.png"
    image.quantize(192, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > _LARGEST:
        raise SystemExit(f"{path} is larger than {_LARGEST:,} bytes")


def _show(page: Page, part: str) -> None:
    """Scroll until a part of the page is at its top."""
    page.locator(part).first.evaluate("it => it.scrollIntoView({block: 'start'})")


def _context(browser: Browser, size: dict[str, int], language: str) -> BrowserContext:
    locale = {"zh": "zh-CN", "en": "en-GB"}[language]
    return browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        locale=locale,
        reduced_motion="reduce",  # else a picture is taken while the page still scrolls
    )


def take(browser: Browser, running: Demonstration, language: str) -> None:
    """Take every picture in one language."""
    consumer, recall = running.find(_CONSUMER), running.find(_RECALL)
    page = _context(browser, DESK, language).new_page()
    home = _sign_in(page, running)
    _keep(page, f"home-{language}")
    gtin, serial = consumer.split("/")[2], consumer.rpartition("/")[2]
    page.goto(f"{home}items/{gtin}/{serial}/", wait_until="networkidle")
    _show(page, "main .sy-map")
    _keep(page, f"item-{language}")
    page.goto(running.address + recall, wait_until="networkidle")
    _keep(page, f"recall-{language}")
    with page.expect_navigation(wait_until="networkidle"):
        page.click("[aria-labelledby=starts-title] .sy-list-main a")
    _show(page, "#descent")
    _keep(page, f"lot-{language}")
    page.goto(running.address + running.find(_CASE), wait_until="networkidle")
    _keep(page, f"case-{language}")
    page.goto(f"{home}labels/", wait_until="networkidle")
    with page.expect_navigation(wait_until="networkidle"):
        page.click(_TEMPLATE)
    sample = page.locator("main select", has=page.locator(_SAMPLE)).first
    # The picture is drawn anew by the server, a moment after the choice.
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        sample.select_option(page.locator(_SAMPLE).first.get_attribute("value"))
    page.wait_for_load_state("networkidle")
    _keep(page, f"label-{language}")
    phone = _context(browser, PHONE, language).new_page()
    phone.goto(running.address + consumer, wait_until="networkidle")
    _keep(phone, f"consumer-{language}")


def walk() -> None:
    """Take the pictures of a newcomer's first day, and of a recall."""
    shutil.rmtree(_WALK, ignore_errors=True)
    tests = ("tests/browser/test_acceptance.py", "tests/browser/recalls/test_story.py")
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *tests],
        cwd=_ROOT,
        env=os.environ | {"SUYUAN_TEST_SCREENSHOTS": str(_WALK)},
        check=True,
    )


def main() -> int:
    """Take every picture in both languages."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise SystemExit("The pictures need Chromium (Debian: chromium)")
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with demonstration() as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for language in ("zh", "en"):
            take(browser, running, language)
        browser.close()
    walk()
    return 0


if __name__ == "__main__":
    sys.exit(main())
