"""Addresses of recalls' pages."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.recalls.views import (
    again,
    cases,
    deciding,
    drills,
    effect,
    items,
    opening,
    preview,
    wizard,
)

app_name = "recalls"

_BASE = "app/<slug:org>/recalls/"

urlpatterns: list[URLPattern] = [
    path(_BASE, cases.index, name="cases"),
    path(f"{_BASE}new/", wizard.new, name="new"),
    path(f"{_BASE}new/items/", preview.preview_items, name="preview_items"),
    path(f"{_BASE}new/why/", preview.preview_why, name="preview_why"),
    path(f"{_BASE}drills/", drills.index, name="drills"),
    path(f"{_BASE}drills/announce", drills.announce, name="drill_announce"),
    path(f"{_BASE}drills/plan", drills.plan, name="drill_plan"),
    path(f"{_BASE}drills/<slug:number>/", drills.detail, name="drill"),
    path(f"{_BASE}drills/<slug:number>/answer", drills.answer, name="drill_answer"),
    path(f"{_BASE}drills/<slug:number>/end", drills.end, name="drill_end"),
    path(f"{_BASE}new/open", opening.open_case, name="open"),
    path(f"{_BASE}<slug:number>/", cases.detail, name="case"),
    path(f"{_BASE}<slug:number>/items/", items.index, name="items"),
    path(f"{_BASE}<slug:number>/items.csv", items.as_csv, name="items_csv"),
    path(f"{_BASE}<slug:number>/items.xlsx", items.as_workbook, name="items_xlsx"),
    path(f"{_BASE}<slug:number>/decide/", deciding.decide, name="decide"),
    path(f"{_BASE}<slug:number>/withdraw/", deciding.withdraw, name="withdraw"),
    path(f"{_BASE}<slug:number>/again/", again.again, name="again"),
    path(f"{_BASE}<slug:number>/effect/", effect.index, name="effect"),
    path(f"{_BASE}<slug:number>/effect/count", effect.count, name="count"),
    path(f"{_BASE}<slug:number>/effect/give-up", effect.give_up, name="give_up"),
    path(f"{_BASE}<slug:number>/close", effect.close, name="close"),
    path(f"{_BASE}<slug:number>/report.pdf", effect.as_pdf, name="report_pdf"),
    path(f"{_BASE}<slug:number>/report.xlsx", effect.as_sheets, name="report_xlsx"),
]
