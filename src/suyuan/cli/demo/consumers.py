"""What buyers do: look codes up, look again, complain; and what forgers try.

Owns: scans and complaints. Every scan goes through `verification` as a consumer's page would.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from suyuan.cli.demo import bottles, brand, network, pictures
from suyuan.cli.demo.world import World
from suyuan.core.codespace import ALPHABET, SERIAL_LENGTH
from suyuan.core.identifiers import parse_identity
from suyuan.issuing import selectors as issuing
from suyuan.issuing import services as issuing_services
from suyuan.quality import services as quality
from suyuan.quality.reporters import Reporter
from suyuan.tenancy.rights import Role
from suyuan.verification.errors import TooManyAsked
from suyuan.verification.facts import product_facts
from suyuan.verification.services import verify_item
from suyuan.verification.values import SeenBy

_LOOKS: Final = 0.08  # of the buyers of an item
_LOOKS_AGAIN: Final = 0.25
_GUESSES: Final = 24
STOLEN: Final = 4
"""Labels of the print house's order, its first ones, that never came back."""

_COPIES: Final = ("330100", "440100", "420100", "510100", "610100", "370200", "210100")
_AGENTS: Final = (
    "Mozilla/5.0 (Linux; Android 15) Mobile MicroMessenger/8.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile MicroMessenger/8.0",
    "Mozilla/5.0 (Linux; HarmonyOS) Mobile Browser/5.1",
)
BAD_COMPLAINT: Final = (
    "罐底二维码查过是正品。这一罐冲调后有细小结块，味道发酸，宝宝喝了两次都拉肚子，换上一罐没喝完的就没事。"
    "想知道这一批有没有问题，要不要停喝？"
)

ALSO_BAD: Final = (
    ("shop", "开罐就有结块，勺子都压不散，闻着有点酸。"),
    ("phone", "孩子喝了一天就腹泻，换回上一罐就好了。问是不是原料有问题。"),
    ("shop", "冲出来杯底有渣，味道和之前几罐不一样。"),
    ("phone", "粉里有深色小块，拍了照片，要求说明并退货。"),
)
"""What buyers of other tins with the bad whey complain of: how it came, and the words."""


class Buyers:
    """The people to whom items are delivered."""

    def __init__(self, world: World) -> None:
        """Know nobody yet."""
        self.world = world
        self.complained: str = ""
        self.copied: str = ""
        self._also: list[str] = []  # lots
        self._first: dict[str, tuple[float, str, str]] = {}

    def delivered(self, at: float, item: str, lot: str, region: str, order: str) -> None:
        """Have the buyer of an item look its code up, or not."""
        world, chance = self.world, self.world.time.random
        self._first.setdefault(lot, (at, item, region))
        if lot in world.bad_lots and not self.complained and 108 < at < 116.5:
            self.complained = item
            self._look(at + 0.3, item, region, "zh-hans")
            world.time.at(at + 1.6, lambda: self._complain_of_bad_lot(item, order))
            return
        if self._complains_too(at, item, lot, order):
            return
        if not self.copied and lot.startswith("L") and at > 60:
            self.copied = item
            self._copy(at + 0.2, item, region)
            return
        if chance.random() < _LOOKS:
            first = at + 0.05 + 1.5 * chance.random()
            self._look(first, item, region, "en" if chance.random() < 0.03 else "zh-hans")
            if chance.random() < _LOOKS_AGAIN:
                self._look(first + 6 * chance.random(), item, region, "zh-hans")

    def _look(self, at: float, item: str, region: str, language: str) -> None:
        seen_by = self._somebody(region, language)
        self.world.time.at(at, lambda: _verify(item, seen_by))

    def _somebody(self, region: str, language: str) -> SeenBy:
        chance = self.world.time.random
        address = ".".join(str(chance.randrange(1, 255)) for _ in range(4))
        agent = chance.choice(_AGENTS)
        return SeenBy(address=address, agent=agent, region=region, language=language)

    def _copy(self, at: float, item: str, region: str) -> None:
        """Have one bottle's code turn up in seven cities, after its buyer has scratched it."""
        buyer = self._somebody(region, "zh-hans")
        self.world.time.at(at, lambda: bottles.scratch_open(item, buyer))
        for number in range(9):
            self._look(at + 0.9 * (number + 1), item, _COPIES[number % len(_COPIES)], "zh-hans")

    # ── forgers ─────────────────────────────────────────────────────────────────────────────

    def guess(self) -> None:
        """Have people try serials that were never issued, most of them in one city."""
        chance = self.world.time.random
        for _ in range(_GUESSES):
            product = chance.choice((brand.LIQUOR, brand.STAGE_1))
            serial = "".join(chance.choices(ALPHABET.decode(), k=SERIAL_LENGTH))
            region = "441900" if chance.random() < 0.6 else chance.choice(network.CITIES)
            self._look(60 + 60.8 * chance.random(), link(product.gtin, serial), region, "zh-hans")

    def steal(self) -> None:
        """Have codes printed for a lot that is not made yet turn up."""
        world = self.world

        def order() -> None:
            row = issuing_services.order_codes(
                actor=world.people[Role.PLANNER],
                gtin=brand.LIQUOR.gtin,
                count=600,
                note="塬上二十年，印刷厂备码",
            )
            for number, item in enumerate(issuing.links(row, count=STOLEN)):
                self._look(117 + 0.9 * number, item, "441900", "zh-hans")

        world.time.at(112.4, order)

    # ── complaints ──────────────────────────────────────────────────────────────────────────

    def _complain_of_bad_lot(self, item: str, order: str) -> None:
        quality.file_public_complaint(
            organisation=self.world.organisation,
            text=BAD_COMPLAINT,
            target=item,
            order_number=order,
            reporter=Reporter(name="李女士", contact="138-0000-1234"),
            uploads=[pictures.lumps(1), pictures.lumps(2)],
        )

    def _complains_too(self, at: float, item: str, lot: str, order: str) -> bool:
        """Have the buyers of a few other tins that the bad whey is in complain, lot by lot."""
        number = len(self._also)
        wanted = bool(self.complained) and lot in self.world.bad_lots and 110 < at < 118
        if not wanted or number == len(ALSO_BAD) or self._also.count(lot) > number // 2:
            return False
        self._also.append(lot)
        channel, words = ALSO_BAD[number]
        self.world.time.at(
            at + 1.3,
            lambda: quality.file_complaint(
                actor=self.world.people[Role.CUSTOMER_SERVICE],
                text=words,
                target=item,
                order_number=order,
                channel=channel,
                reporter=Reporter(name="", contact=f"137-0000-01{number:02}"),
                uploads=[pictures.lumps(3 + number)] if number % 2 == 0 else (),
            ),
        )
        return True

    def grumble(self, plan: Sequence[tuple[float, str, str, str, str]]) -> None:
        """File complaints of the usual kind: (time, lot, words, answer, end)."""
        for at, lot, words, answer, end in plan:
            self.world.time.at(at, lambda one=(lot, words, answer, end): self._grumble(*one))  # type: ignore[misc]

    def _grumble(self, lot: str, words: str, answer: str, end: str) -> None:
        actor = self.world.people[Role.CUSTOMER_SERVICE]
        known = self._first.get(lot)
        filed = quality.file_complaint(
            actor=actor,
            text=words,
            target=known[1] if known else "",
            channel="shop",
            reporter=Reporter(name="王先生", contact="137-0000-5678"),
        )
        if answer:
            quality.answer_complaint(actor=actor, number=filed.number, text=answer)
        if end:
            quality.close_complaint(actor=actor, number=filed.number, text=end)
            quality.erase_reporter(actor=actor, number=filed.number)


def link(gtin: str, serial: str) -> str:
    """Return an item as events name it."""
    return f"{issuing.EPC_BASE}/01/{gtin}/21/{serial}"


def _verify(item: str, seen_by: SeenBy) -> None:
    identity = parse_identity(item)
    facts = product_facts(identity.primary)
    if facts is None:
        return
    try:
        verify_item(facts=facts, serial=identity.secondary, seen_by=seen_by)
    except TooManyAsked:  # as a page would say; nothing is written down
        return
