"""Addresses of a person's own pages, which belong to no organisation."""

from __future__ import annotations

from django.urls import path

from suyuan.web.tenancy.views import person

urlpatterns = [
    path("app/", person.start, name="start"),
    path("app/new/", person.new_organisation, name="new_organisation"),
    path("app/profile/", person.profile, name="profile"),
    path("app/invitations/<str:token>/", person.invitation, name="invitation"),
]
