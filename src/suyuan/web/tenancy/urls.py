"""Addresses of the settings, below the organisation's."""

from __future__ import annotations

from django.urls import path

from suyuan.web.tenancy.views import audit, organisation, people, tokens

app_name = "tenancy"

_SETTINGS = "app/<slug:org>/settings/"

urlpatterns = [
    path(_SETTINGS, organisation.organisation, name="organisation"),
    path(f"{_SETTINGS}names/", organisation.rename, name="rename"),
    path(f"{_SETTINGS}prefixes/add/", organisation.add_prefix, name="prefix_add"),
    path(
        f"{_SETTINGS}prefixes/<slug:prefix>/remove/",
        organisation.remove_prefix,
        name="prefix_remove",
    ),
    path(f"{_SETTINGS}people/", people.people, name="people"),
    path(f"{_SETTINGS}people/invite/", people.invite, name="invite"),
    path(f"{_SETTINGS}people/withdraw/", people.withdraw, name="withdraw"),
    path(f"{_SETTINGS}people/role/", people.change_role, name="role"),
    path(f"{_SETTINGS}people/<str:email>/remove/", people.remove, name="remove"),
    path(f"{_SETTINGS}roles/", people.rights, name="roles"),
    path(f"{_SETTINGS}tokens/", tokens.tokens, name="tokens"),
    path(f"{_SETTINGS}tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke"),
    path(f"{_SETTINGS}audit/", audit.audit, name="audit"),
    path(f"{_SETTINGS}audit/export.csv", audit.audit_csv, name="audit_csv"),
]
