"""The management API as one object, mounted at /api/v1/.

Owns: the list of routers, the documentation page.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from ninja import NinjaAPI, Swagger

from suyuan.api import problems
from suyuan.api.gate import gates

# One module `suyuan.api.<name>` with a `router` for each; the order is that of the documentation.
DOMAINS = (
    "tenancy",
    "masterdata",
    "issuing",
    "capture",
    "lineage",
    "quality",
    "recalls",
    "verification",
    "exchange",
)


def _build() -> NinjaAPI:
    api = NinjaAPI(
        title="Suyuan",
        version="1",
        description="One identity and one history for every item.",
        urls_namespace="api",
        # An operation that forgets `requires` is still closed to strangers.
        auth=gates(None),
        docs=Swagger(settings={"persistAuthorization": False}),
    )
    problems.register(api)
    for domain in DOMAINS:
        module = f"suyuan.api.{domain}"
        if find_spec(module) is not None:
            api.add_router("", import_module(module).router, tags=[domain])
    return api


api = _build()
