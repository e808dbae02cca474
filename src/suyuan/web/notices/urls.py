"""Addresses of notices' pages; of the public ones too."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.notices.views import case, counter, files, public, single, templates

app_name = "notices"

_BASE = "app/<slug:org>/recalls/"
_CASE = f"{_BASE}<slug:number>/notices/"
_ONE = f"{_CASE}<int:notice>/"

urlpatterns: list[URLPattern] = [
    path(f"{_BASE}messages/", templates.index, name="templates"),
    path(f"{_BASE}messages/door", templates.door, name="door"),
    path(f"{_BASE}messages/<slug:name>/<slug:language>/", templates.edit, name="template"),
    path(_CASE, case.index, name="index"),
    path(f"{_CASE}prepare", case.prepare, name="prepare"),
    path(f"{_CASE}send", case.send, name="send"),
    path(f"{_CASE}stop", case.stop, name="stop"),
    path(f"{_CASE}remind", case.remind, name="remind"),
    path(f"{_CASE}told", case.told, name="told"),
    path(f"{_CASE}contacts", case.contacts, name="contacts"),
    path(f"{_CASE}forget", case.forget, name="forget"),
    path(f"{_CASE}announcement/", case.announcement, name="announcement"),
    path(f"{_BASE}<slug:number>/notices.csv", files.as_csv, name="csv"),
    path(f"{_CASE}upload.csv", files.for_upload, name="upload"),
    path(_ONE, single.one, name="one"),
    path(f"{_ONE}send", single.send, name="send_one"),
    path(f"{_ONE}bounced", single.bounced, name="bounced"),
    path(f"{_ONE}answer", single.answer, name="answer_one"),
    path(f"{_ONE}contact", single.contact, name="contact"),
    path(f"{_BASE}<slug:number>/returns/", counter.returns, name="returns"),
    path("recall/a/<str:token>/", public.answer, name="answer"),
    path("recall/<str:public_id>/", public.notice, name="public"),
]
