"""The GS1 Digital Link resolver."""

from __future__ import annotations

import jsonschema
import pytest
from django.test import Client

from suyuan.verification.models import Scan
from tests.scan_world import Goods

pytestmark = pytest.mark.django_db

# RFC 9264 §4.2, with what the GS1-Conformant Resolver Standard 1.2 narrows.
_TARGET = {
    "type": "object",
    "required": ["href", "title"],
    "properties": {
        "href": {"type": "string", "pattern": "^https?://"},
        "title": {"type": "string", "minLength": 1},
        "type": {"type": "string"},
        "hreflang": {"type": "array", "items": {"type": "string"}},
    },
    "additionalProperties": False,
}
LINKSET_SCHEMA = {
    "type": "object",
    "required": ["linkset"],
    "properties": {
        "linkset": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["anchor", "https://ref.gs1.org/voc/defaultLink"],
                "properties": {
                    "anchor": {"type": "string", "pattern": "^https?://[a-zA-z0-9./]+"},
                    "itemDescription": {"type": "string"},
                    "description": {"type": "string"},
                },
                "patternProperties": {
                    "^https?://": {"type": "array", "minItems": 1, "items": _TARGET}
                },
                "additionalProperties": False,
            },
        }
    },
}


@pytest.mark.parametrize(
    ("query", "accept"),
    [("?linkType=linkset", ""), ("?linkType=all", ""), ("", "application/linkset+json")],
)
def test_a_linkset_is_valid_and_no_scan(goods: Goods, query: str, accept: str) -> None:
    response = Client().get(goods.path() + query, HTTP_ACCEPT=accept)
    assert response["Content-Type"] == "application/linkset+json"
    document = response.json()
    jsonschema.validate(document, LINKSET_SCHEMA)
    assert document["linkset"][0]["anchor"].endswith(goods.path())
    assert "json-ld#context" in response["Link"]
    assert response["Access-Control-Allow-Origin"] == "*"
    assert Scan.objects.count() == 0


def test_a_linkset_does_not_tell_whether_an_item_exists(goods: Goods) -> None:
    real = Client().get(goods.path() + "?linkType=linkset").json()
    invented = f"/01/{goods.gtin}/21/ABCDEFGHJKMNPQ"
    made_up = Client().get(invented + "?linkType=linkset").json()
    assert str(real).replace(goods.path(), invented) == str(made_up)


@pytest.mark.parametrize(
    ("link_type", "end"),
    [
        ("gs1:pip", ""),
        ("https://ref.gs1.org/voc/pip", ""),
        ("gs1:traceability", "#journey"),
        ("gs1:certificationInfo", "#reports"),
        ("gs1:recallStatus", "#verdict"),
    ],
)
def test_a_link_type_leads_to_its_place(goods: Goods, link_type: str, end: str) -> None:
    response = Client().get(goods.path(), {"linkType": link_type, "lang": "en"})
    assert response.status_code == 307
    path = goods.path() if end else f"/01/{goods.gtin}"
    assert response["Location"] == f"{path}?lang=en{end}"
    assert Scan.objects.count() == 0


def test_the_default_link_is_the_page(goods: Goods) -> None:
    assert Client().get(goods.path(), {"linkType": "gs1:defaultLink"}).status_code == 200


def test_an_unknown_link_type_is_not_found(goods: Goods) -> None:
    assert Client().get(goods.path(), {"linkType": "gs1:epil"}).status_code == 404


def test_an_unknown_product_is_not_found_even_as_a_linkset(goods: Goods) -> None:
    assert Client().get("/01/09521234000020?linkType=linkset").status_code == 404


def test_a_compressed_address_is_not_read(goods: Goods) -> None:
    assert Client().get("/ARHKVAdpQg").status_code == 404


def test_options_and_other_methods_are_answered(goods: Goods) -> None:
    response = Client().options(goods.path())
    assert response.status_code == 204
    assert "HEAD" in response["Allow"]
    assert response["Access-Control-Allow-Origin"] == "*"
    assert Client().delete(goods.path()).status_code == 405


def test_the_resolver_describes_itself(db: None) -> None:
    response = Client().get("/.well-known/gs1resolver")
    assert response["Content-Type"] == "application/json"
    document = response.json()
    assert document["supportedPrimaryKeys"] == ["00", "01"]
    assert document["resolverRoot"].startswith("http")
    for entry in document["supportedLinkType"]:
        assert entry["prefix"].endswith(":")
