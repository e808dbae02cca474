"""Addresses of the pages of subscriptions."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.subscriptions import manage, queries

app_name = "subscriptions"

_APP = "app/<slug:org>/subscriptions/"
_ONE = f"{_APP}<int:subscription_id>/"
_MESSAGE = f"{_ONE}messages/<int:number>/"
_QUERIES = f"{_APP}queries/"
_QUERY = f"{_QUERIES}<str:name>/"

urlpatterns: list[URLPattern] = [
    path(_APP, manage.index, name="index"),
    path(f"{_APP}new/", manage.new, name="new"),
    path(_ONE, manage.detail, name="one"),
    path(f"{_ONE}pause", manage.pause, name="pause"),
    path(f"{_ONE}resume", manage.resume, name="resume"),
    path(f"{_ONE}test", manage.test, name="test"),
    path(f"{_ONE}end", manage.end, name="end"),
    path(f"{_ONE}replay", manage.replay_all, name="replay_all"),
    path(_MESSAGE, manage.message, name="message"),
    path(f"{_MESSAGE}replay", manage.replay, name="replay"),
    path(f"{_MESSAGE}dismiss", manage.dismiss, name="dismiss"),
    path(_QUERIES, queries.index, name="queries"),
    path(f"{_APP}new-query/", queries.new, name="new_query"),
    path(_QUERY, queries.detail, name="query"),
    path(f"{_QUERY}drop", queries.drop, name="drop"),
]
