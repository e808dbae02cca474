import pytest
from tests.world import build_world
from suyuan.tenancy.rights import Role
@pytest.mark.django_db
def test_x(actor, client_as):
    w=build_world(actor)
    c=client_as(Role.OWNER)
    g=w.product.gtin
    import django.db
    from django.test.utils import CaptureQueriesContext
    for p in [f"items/{g}/{w.serials[0]}/",f"items/{g}/{w.serials[1]}/",f"items/{g}/{w.serials[30]}/",f"units/{w.pallet[-18:]}/",f"units/{w.cases[1][-18:]}/",f"lots/{g}/{w.lot.code}/",f"lots/{w.material.gtin}/{w.material_lot.code}/","events/","events/?step=shipping","events/?since=2026-03-01&until=2026-03-02",f"events/?q={w.orders[0]}",f"events/?q={w.items[0]}","events/?place=WH-1","events/1/","events/2/","events/2/document.json","jobs/",f"jobs/{w.outcome.job_id}/","trace/",f"trace/{w.items[0]}",f"trace/?q={w.serials[4]}",f"events/?job={w.outcome.job_id}"]:
        with CaptureQueriesContext(django.db.connection) as q:
            r=c.get("/app/mingqian/"+p)
        print(p, r.status_code, len(q), getattr(r,'url',''))
        assert r.status_code in (200,302), r.content.decode()[:3000]
