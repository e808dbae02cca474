"""The small world of the reference tests: its names, and capturing into both tellings at once.

Owns: goods and places; `Ledger`, which captures a document through the services and keeps what the
reference model needs of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from suyuan.capture.identities import find_keys, identities_of
from suyuan.capture.services import capture_events
from suyuan.core.identifiers import Sscc, parse_epc
from suyuan.kernel import clock
from suyuan.lineage.history import identifier_text
from suyuan.masterdata.numbering import code_spaces
from suyuan.masterdata.services import create_product
from suyuan.tenancy.actor import Actor
from tests.reference.events import Log, Told, microseconds, told

BASE = "https://id.gs1.org"
START = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACES = [f"{BASE}/414/{gln}" for gln in ("9521234000013", "9521234000020", "9521234000037")]
BOUGHT = "09521234000044"  # a product whose serials others give
MATERIAL = "09521234000020"
_SAID_APART = {"type", "eventTime", "eventTimeZoneOffset", "eventID", "errorDeclaration"}
_SERIALS = ("1", "2", "3", "X-7", "Y-8")  # numbers are keys by arithmetic, others are looked up


class Goods:
    """What events may be about, as canonical links."""

    def __init__(self, organisation_id: int, gtin: str) -> None:
        """Take the first serials of an own product, and some of another."""
        space = code_spaces(organisation_id, gtin)[0]
        serials = space.serial_range(0, 7).astype("U14").tolist()
        self.own = [f"{BASE}/01/{gtin}/21/{serial}" for serial in serials]
        self.bought = [f"{BASE}/01/{BOUGHT}/21/{serial}" for serial in _SERIALS]
        self.items = self.own + self.bought
        self.cases = [f"{BASE}/00/{Sscc.build('9521234', 0, n).value}" for n in range(1, 5)]
        self.pallets = [f"{BASE}/00/{Sscc.build('9521234', 0, n).value}" for n in (81, 82)]
        self.kits = self.bought[:1]  # an item that holds others
        self.containers = self.cases + self.pallets + self.kits
        self.own_lots = [f"{BASE}/01/{gtin}/10/{code}" for code in ("L1", "L2")]
        self.bought_lots = [f"{BASE}/01/{BOUGHT}/10/{code}" for code in ("K1", "L1")]
        self.materials = [f"{BASE}/01/{MATERIAL}/10/{code}" for code in ("M1", "M2", "M3")]
        self.lots = self.own_lots + self.bought_lots + self.materials
        self.products = [f"{BASE}/01/{one}" for one in (gtin, BOUGHT, MATERIAL)]
        self.classes = self.lots + self.products


class Ledger:
    """Captures events, and remembers them for the model.

    Attributes:
        told: the events as the model reads them.
        documents: the same as documents, in order of record.
    """

    def __init__(self, actor: Actor) -> None:
        """Begin with an organisation that has one product and no events."""
        self.actor = actor
        self.organisation_id = actor.organisation_id
        product = create_product(actor=actor, name_zh="茶", granularity="item", category="food")
        self.goods = Goods(self.organisation_id, product.gtin)
        self.forget()

    def forget(self) -> None:
        """Begin anew; the caller has undone what the database had."""
        self.told: list[Told] = []
        self.documents: list[dict[str, Any]] = []
        self._keys: dict[str, int] = {}
        self._texts: dict[int, str] = {}

    def capture(self, document: Mapping[str, Any]) -> Told:
        """Capture one document, in both tellings."""
        outcome = capture_events(actor=self.actor, events=[deepcopy(dict(document))], source="test")
        assert outcome.stored == 1, outcome
        event = told(document, outcome.first_seq, microseconds(clock.now()))
        self.told.append(event)
        self.documents.append(dict(document))
        return event

    @property
    def log(self) -> Log:
        """Everything so far, for the model."""
        return Log(self.told)

    def keys(self, texts: Iterable[str]) -> dict[str, int]:
        """Return the keys of those texts that events have named."""
        asked = list(texts)
        meant = {text: parse_epc(text) for text in asked if text not in self._keys}
        found = find_keys(self.organisation_id, list(meant.values())) if meant else {}
        self._keys |= {text: found[one] for text, one in meant.items() if one in found}
        return {text: self._keys[text] for text in asked if text in self._keys}

    def texts(self, keys: Iterable[int]) -> dict[int, str]:
        """Return the canonical texts of keys."""
        asked = list(keys)
        fresh = [key for key in asked if key not in self._texts]
        named = identities_of(self.organisation_id, fresh) if fresh else {}
        self._texts |= {key: identifier_text(one) for key, one in named.items()}
        return {key: self._texts[key] for key in asked if key in self._texts}

    def story(self) -> str:
        """Return what happened, an event a line, for who has to find out why tellings differ."""
        lines = []
        for one, event in zip(self.documents, self.told, strict=True):
            rest = {k: v for k, v in one.items() if k not in _SAID_APART}
            void = " VOID" if event.declares or self.log.voided(event) else ""
            hour = (event.time - microseconds(START)) / 3.6e9
            lines.append(f"#{event.number} {hour:g}h {event.type[:6]}{void} {rest}")
        return "\n".join(lines).replace(BASE, "").replace("'", "")


def at(hour: float) -> datetime:
    """Return an instant of the small world."""
    return START + hour * HOUR
