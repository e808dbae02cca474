"""A person who walks through screens, as the tests of whole stories do.

Owns: `Walk`, and how numbers and places are read off a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser import pictures
from tests.browser.conftest import Violations


@dataclass
class Walk:
    """A person at a desk: acts, and has every page looked at for accessibility.

    Attributes:
        began: when the first step happened; each later one is given in hours after it.
        story: with what the names of its pictures begin.
        faults: what a page does against accessibility, by step.
    """

    page: Page
    violations: Violations
    began: datetime
    story: str = ""
    faults: dict[str, list[str]] = field(default_factory=dict)
    steps: int = 0

    def look(self, name: str, page: Page | None = None, show: str = "") -> None:
        """Look at the page as it is; keep a picture of it, scrolled to `show`."""
        self.steps += 1
        page = page or self.page
        if found := self.violations(page):
            self.faults[name] = found
        page.evaluate("document.activeElement.blur()")
        page.locator(show or "body").first.evaluate("it => it.scrollIntoView({block: 'start'})")
        pictures.take(page, f"{self.story}{self.steps:02d}-{name}")

    def fill(self, within: str = "main", /, **values: object) -> None:
        """Fill in fields by their names, within a part of the page."""
        for name, value in values.items():
            control = self.page.locator(f"{within} [name={name}]")
            if control.evaluate("it => it.tagName") == "SELECT":
                control.select_option(str(value))
            else:
                control.fill(str(value))

    def send(self, within: str = "main") -> None:
        """Press the button; the page that answers must not refuse."""
        button = self.page.locator(f"{within} button.btn-primary[type=submit]")
        button = button.or_(self.page.locator(f"{within} button.btn-danger[type=submit]"))
        with self.page.expect_navigation() as answer:
            button.first.click()
        refused = self.page.locator("[aria-invalid=true], .sy-form-faults").all_inner_texts()
        assert answer.value.ok, refused

    def follow(self, label: str | re.Pattern[str], *, exact: bool = False) -> None:
        """Follow the first link of the page that bears the label."""
        with self.page.expect_navigation():
            self.page.locator("body").get_by_role("link", name=label, exact=exact).first.click()

    def new(self, plural: str, label: str, /, **values: object) -> None:
        """Go to a list in the navigation, and enter a row."""
        self.page.locator("nav").get_by_role("link", name=plural, exact=True).first.click()
        self.follow(label)
        self.fill(**values)
        self.send()

    def record(self, step: str, hours: float, /, **values: object) -> None:
        """Record a step by hand."""
        self.page.locator("nav").get_by_role("link", name="手工登记", exact=True).first.click()
        self.follow(step, exact=True)
        self.fill(time=self.at(hours), **values)
        self.send()
        expect(self.page.locator("[role=status]").first).to_be_attached()

    def at(self, hours: float) -> str:
        """Return a time as forms take it."""
        return (self.began + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")

    def search(self, text: str) -> None:
        """Ask the search box."""
        box = self.page.get_by_role("searchbox")
        box.fill(text)
        with self.page.expect_navigation():
            box.press("Enter")


def origin(page: Page) -> str:
    """Return scheme and host of the page."""
    parts = urlsplit(page.url)
    return f"{parts.scheme}://{parts.netloc}"


def numbers(page: Page) -> dict[str, int]:
    """Return the big numbers of a page by their labels."""
    stats = page.locator(".sy-stats li").all_inner_texts()
    rows = [[line.strip() for line in text.splitlines() if line.strip()] for text in stats]
    found = {}
    for row in rows:
        text = " ".join(row[1:])
        if number := re.search(r"[\d,]+", text):
            found[row[0]] = int(number[0].replace(",", ""))
    return found


def places(page: Page) -> list[tuple[str, int]]:
    """Return the rows of the table of places: the state, and how many items."""
    rows = page.locator("[aria-labelledby=places-title] tbody tr")
    return sorted(
        (row.locator("td").nth(1).inner_text().strip(), int(row.locator("td").last.inner_text()))
        for row in rows.all()
    )
