"""Be a GS1-conformant resolver for the goods of this installation.

What is followed: the GS1-Conformant Resolver Standard 1.2 and RFC 9264 (linksets), as far as a
resolver that is also the place where its links lead:

- GET, HEAD and OPTIONS, with CORS; malformed addresses are answered with 400, unknown keys with
  404, never with 200.
- `Link` on each answer names the linkset (RFC 9264 §3: rel="linkset").
- `linkType=linkset` (and `all`, its older name), or `Accept: application/linkset+json`, answers the
  linkset itself: JSON by RFC 9264 §4.2, link types as full URIs, with the context header that makes
  it JSON-LD.
- A link type that we have is answered by 307 to where it leads, keeping `lang`. `gs1:defaultLink`
  and no link type at all are the page itself, without a detour: consumers scan on slow networks.
- A link type that we do not have is answered with 404.
- `/.well-known/gs1resolver` describes the resolver.

Not followed: compressed addresses (404, the standard's optional part), and links to other hosts.
The linkset of an item says which links there are, never whether the item exists: only a scan says
that, and a scan is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from suyuan.verification.facts import ProductFacts
from suyuan.web.consumer.address import Asked

VOCABULARY: Final = "https://ref.gs1.org/voc/"
LINKSET: Final = "application/linkset+json"
CONTEXT: Final = (
    "<https://ref.gs1.org/standards/resolver/linkset-context>; "
    'rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
)
_LINKSET_WORDS: Final = frozenset({"linkset", "all"})
_PREFIXES: Final = ("gs1:", VOCABULARY, "https://gs1.org/voc/", "https://www.gs1.org/voc/")


@dataclass(frozen=True, slots=True)
class LinkType:
    """Where a link type leads: the product or what was asked about, and a part of that page."""

    title: Promise
    fragment: str = ""
    of_product: bool = False


LINK_TYPES: Final[Mapping[str, LinkType]] = {
    "defaultLink": LinkType(pgettext_lazy("link", "Check this product")),
    "pip": LinkType(pgettext_lazy("link", "Product information"), of_product=True),
    "traceability": LinkType(pgettext_lazy("link", "Journey"), fragment="journey"),
    "certificationInfo": LinkType(pgettext_lazy("link", "Inspection reports"), fragment="reports"),
    "recallStatus": LinkType(pgettext_lazy("link", "Recall status"), fragment="verdict"),
}


def wants_linkset(link_type: str, accept: str) -> bool:
    """Tell whether the linkset itself is asked for."""
    return link_type in _LINKSET_WORDS or LINKSET in accept


def link_type_of(text: str) -> str | None:
    """Return the bare name of a link type that we have, or None."""
    for prefix in _PREFIXES:
        if text.startswith(prefix):
            text = text.removeprefix(prefix)
            break
    return text if text in LINK_TYPES else None


def target(asked: Asked, name: str, *, lang: str = "") -> str:
    """Return where a link type leads, as a path of this host."""
    kind = LINK_TYPES[name]
    path = asked.product_path if kind.of_product and asked.gtin else asked.path
    query = f"?lang={lang}" if lang else ""
    return f"{path}{query}{f'#{kind.fragment}' if kind.fragment else ''}"


def link_header(asked: Asked) -> str:
    """Return the value of `Link` for an answer about `asked`."""
    linkset = f"{settings.PUBLIC_URL}{asked.path}?linkType=linkset"
    return f'<{linkset}>; rel="linkset"; type="{LINKSET}"'


def linkset(asked: Asked, facts: ProductFacts | None) -> dict[str, object]:
    """Return the linkset of what was asked about."""
    entry: dict[str, object] = {"anchor": f"{settings.PUBLIC_URL}{asked.path}"}
    if facts is not None:
        description = facts.product.name_en or facts.product.name_zh
        entry |= {"itemDescription": description, "description": description}
    names = LINK_TYPES if asked.gtin else ("defaultLink",)
    for name in names:
        entry[f"{VOCABULARY}{name}"] = [
            {
                "href": f"{settings.PUBLIC_URL}{target(asked, name)}",
                "title": str(LINK_TYPES[name].title),
                "type": "text/html",
                "hreflang": ["zh", "en"],
            }
        ]
    return {"linkset": [entry]}


def description() -> dict[str, object]:
    """Return the resolver description file."""
    return {
        "name": "Suyuan",
        "resolverRoot": settings.PUBLIC_URL,
        "supportedPrimaryKeys": ["00", "01"],
        "supportedLinkType": [{"namespace": VOCABULARY, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": False,
        "contact": {"fn": settings.ENVIRONMENT.public_host},
    }
