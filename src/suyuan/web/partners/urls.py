"""Addresses of partners' pages.

Codes of parties begin with a letter or a digit, so `_new` and `_sandbox` are never a partner.
"""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.partners.views import access, brand, check, own, programs, sandbox, sharing, start

app_name = "partners"

_BRAND = "app/<slug:org>/partners/"
_ONE = f"{_BRAND}<str:code>/"
_HERE = "app/<slug:org>/connect/"

urlpatterns: list[URLPattern] = [
    path(_BRAND, brand.index, name="index"),
    path(f"{_BRAND}_new/", brand.new, name="new"),
    path(f"{_BRAND}_sandbox/", sandbox.index, name="sandbox"),
    path(f"{_BRAND}_sandbox/reset", sandbox.reset, name="reset"),
    path(_ONE, brand.detail, name="partner"),
    path(f"{_ONE}edit/", brand.edit, name="edit"),
    path(f"{_ONE}end/", brand.end, name="end"),
    path(f"{_ONE}tokens/", access.issue, name="issue"),
    path(f"{_ONE}tokens/<int:token_id>/revoke", access.revoke, name="revoke"),
    path(f"{_ONE}people/", access.invite, name="invite"),
    path(f"{_ONE}people/withdraw", access.withdraw, name="withdraw"),
    path(f"{_ONE}people/remove", access.remove, name="remove"),
    path(f"{_ONE}sharing/", sharing.index, name="sharing"),
    path(f"{_ONE}sharing/<int:number>/end", sharing.end, name="unshare"),
    path(_HERE, start.index, name="start"),
    path(f"{_HERE}tokens/", start.issue, name="own_token"),
    path(f"{_HERE}tokens/<int:token_id>/revoke", start.revoke, name="own_revoke"),
    path(f"{_HERE}check/", check.check, name="check"),
    path(f"{_HERE}send", check.send, name="send"),
    path(f"{_HERE}deliveries/", own.deliveries, name="deliveries"),
    path(f"{_HERE}deliveries/<int:job_id>/", own.delivery, name="delivery"),
    path(f"{_HERE}shared/", own.shared, name="shared"),
    path(f"{_HERE}shared/<str:number>/document.json", own.document, name="shared_document"),
    path(f"{_HERE}programs/", programs.index, name="programs"),
    path(f"{_HERE}programs/<slug:name>/", programs.download, name="program"),
]
