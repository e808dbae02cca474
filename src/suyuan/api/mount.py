"""The management API as one object, mounted at /api/v1/.

Owns: the list of routers, the documentation page.
"""

from __future__ import annotations

from ninja import NinjaAPI, Router, Swagger

from suyuan.api import (
    carriers,
    codes,
    docks,
    drills,
    exchange,
    issuing,
    labels,
    masterdata,
    nfc,
    partners,
    printhouse,
    printing,
    problems,
    process,
    quality,
    recall_cases,
    recall_scopes,
    recalls,
    rehearsals,
    rfid,
    sets,
    stock,
    suppliers,
    tenancy,
    trace,
    verification,
)
from suyuan.api.gate import gates

# A row for each domain, in the order of the documentation. An operation's function name is its
# address's name, so that it must be unlike every other.
ROUTERS: dict[str, Router] = {
    "tenancy": tenancy.router,
    # Before masterdata: a lot may hold slashes, and its address would take `/genealogy`.
    "trace": trace.router,
    "masterdata": masterdata.router,
    "issuing": issuing.router,
    "sets": sets.router,
    "labels": labels.router,
    "codes": codes.router,
    "carriers": carriers.router,
    "rfid": rfid.router,
    "nfc": nfc.router,
    "printing": printing.router,
    "printhouse": printhouse.router,
    "process": process.router,
    "quality": quality.router,
    "suppliers": suppliers.router,
    # Before recalls: a case's number would take `scope`.
    "scopes": recall_scopes.router,
    "recalls": recalls.router,
    "drills": drills.router,
    "recall cases": recall_cases.router,
    "verification": verification.router,
    "stock": stock.router,
    "exchange": exchange.router,
    "rehearsals": rehearsals.router,
    "docks": docks.router,
    "partners": partners.router,
}


def _build() -> NinjaAPI:
    """Join the routers, closed to strangers even where an operation forgets `requires`."""
    api = NinjaAPI(
        title="Suyuan",
        version="1",
        description="One identity and one history for every item.",
        urls_namespace="api",
        auth=gates(),
        docs=Swagger(settings={"persistAuthorization": False}),
    )
    problems.register(api)
    for domain, router in ROUTERS.items():
        api.add_router("", router, tags=[domain])
    return api


api = _build()
