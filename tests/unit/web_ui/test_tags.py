"""The tags and filters that every template may use."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from suyuan.web import vocabulary
from suyuan.web.templatetags import ui


class Sample(forms.Form):
    name = forms.CharField(help_text="As people call it.")
    kind = forms.ChoiceField(choices=[("a", "A")], required=False)
    way = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    ready = forms.BooleanField(required=False)


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_a_time_is_shown_in_the_installations_zone() -> None:
    shown = ui.moment(datetime(2026, 3, 1, 16, 5, tzinfo=UTC))
    assert shown == '<time datetime="2026-03-02T00:05:00+08:00">2026-03-02 00:05</time>'
    assert ui.day(datetime(2026, 3, 1, 16, 5, tzinfo=UTC)).endswith(">2026-03-02</time>")
    assert ui.day(date(2026, 3, 1)) == '<time datetime="2026-03-01">2026-03-01</time>'
    assert ">00:05<" in ui.clock(datetime(2026, 3, 1, 16, 5, tzinfo=UTC))


@pytest.mark.parametrize("filter_", [ui.moment, ui.day, ui.clock])
def test_no_time_is_a_dash(filter_: object) -> None:
    assert callable(filter_)
    assert filter_(None) == "—"


def test_numbers_are_grouped_and_other_things_left_alone() -> None:
    assert [ui.number(one) for one in (1234567, 12, True, "A1")] == [
        "1,234,567",
        "12",
        "True",
        "A1",
    ]


def test_an_icon_is_decoration_unless_it_has_a_name() -> None:
    assert 'aria-hidden="true"' in ui.icon("x")
    assert 'aria-label="&lt;close&gt;"' in ui.icon("x", "<close>")


def test_an_unknown_status_or_step_shows_itself() -> None:
    assert "something_new" in render("{% status code %}", code="something_new")
    assert vocabulary.step("https://example.com/steps/roasting").label == "roasting"


def test_a_field_is_tied_to_its_label_help_and_fault() -> None:
    form = Sample({})
    html = render("{% field form.name %}", form=form)
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described
    assert set(described[1].split()) == {"id_name_help", "id_name_fault"}
    assert all(f'id="{one}"' in html for one in described[1].split())
    assert 'for="id_name"' in html
    assert html.count("aria-describedby") == 1
    assert 'aria-invalid="true"' in html


def test_each_kind_of_field_has_its_form() -> None:
    form = Sample()
    assert "form-select" in render("{% field form.kind %}", form=form)
    assert "<fieldset" in render("{% field form.way %}", form=form)
    assert "sy-check" in render("{% field form.ready %}", form=form)
    assert "sy-field-wide" in render("{% field form.name wide=True %}", form=form)


def test_pages_keep_the_rest_of_the_query() -> None:
    page = Paginator(range(500), 50).get_page(2)
    request = RequestFactory().get("/?q=tea&page=2")
    html = render("{% pagination page %}", page=page, request=request)
    assert 'href="?q=tea&amp;page=3"' in html
    assert 'aria-current="page">2<' in html


def test_a_list_of_one_page_shows_its_count_alone() -> None:
    page = Paginator(range(3), 50).get_page(1)
    html = render("{% pagination page %}", page=page, request=RequestFactory().get("/"))
    assert "<p>" in html
    assert "<a" not in html
