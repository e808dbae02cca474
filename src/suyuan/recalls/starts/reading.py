"""Read what a recall begins with, of every kind.

Owns: `Start`, `read_starts`, and how JSON forms become texts.
Does not own: what each kind finds (the modules beside this one), what follows (lineage).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from suyuan.capture import identities
from suyuan.core.identifiers import Scheme
from suyuan.kernel.errors import Invalid
from suyuan.lineage import starts as lineage
from suyuan.quality.targets import resolve_spoken
from suyuan.recalls.starts.complaints import complained
from suyuan.recalls.starts.events import told
from suyuan.recalls.starts.lots import made, supplied
from suyuan.recalls.starts.places import handled, place_text, stayed
from suyuan.recalls.starts.readings import Excursion, excursions, measured
from suyuan.recalls.starts.texts import Said, is_said, read_said, said_in, said_of

MOST_STARTS: Final = 1_000
MOST_SOUGHT: Final = 20  # starts that are no codes: each may walk through many events
_NO_GOODS: Final = {Scheme.SGLN, Scheme.PGLN}
_OWN_NAMES: Final = "urn:suyuan:"  # places and parties without a GLN

type Resolve = Callable[[int, Said, str], tuple[lineage.Start, ...]]

_RESOLVERS: Final[Mapping[str, Resolve]] = {
    "supply": supplied,
    "made": made,
    "handled": handled,
    "stayed": stayed,
    "complaints": complained,
    "events": told,
}


@dataclass(frozen=True, slots=True)
class Start:
    """One thing that is known to be bad, as it was said.

    Attributes:
        text: canonical; a case freezes it, an address carries it.
        meant: what was found by it; empty where nothing was.
        said: its fields; None for a code.
        excursions: the times in which a limit was passed, of readings.
    """

    text: str
    meant: tuple[lineage.Start, ...]
    said: Said | None = None
    excursions: tuple[Excursion, ...] = ()


def lineage_starts(starts: Sequence[Start]) -> list[lineage.Start]:
    """Return what starts mean, each once."""
    return list(dict.fromkeys(one for start in starts for one in start.meant))


def start_texts(given: Sequence[str | Mapping[str, Any]]) -> list[str]:
    """Return starts, some in JSON form, as texts.

    Raises:
        Invalid: see `read_starts`.
    """
    return [
        one if isinstance(one, str) else said_in(one, f"/starts/{position}").text
        for position, one in enumerate(given)
    ]


def read_starts(*, organisation_id: int, texts: Sequence[str]) -> list[Start]:
    """Return the starts behind `texts`, each once, in their order.

    Raises:
        Invalid: ``starts_required``, ``too_many_starts``, or ``identity_unknown`` with the place
            of the first text that is malformed or names nothing this organisation has seen;
            ``not_goods`` for a place or a party; what `texts.said_of` and each kind refuses;
            ``start_finds_nothing`` where a start of another kind than a code finds nothing.
    """
    given = [" ".join(text.split()) for text in texts]
    if not any(given):
        raise Invalid("starts_required", place="/starts")
    if len(given) > MOST_STARTS:
        raise Invalid("too_many_starts", place="/starts", limit=MOST_STARTS)
    if sum(is_said(text) for text in given) > MOST_SOUGHT:
        raise Invalid("too_many_starts", place="/starts", limit=MOST_SOUGHT)
    found: dict[str, Start] = {}
    for position, text in enumerate(given):
        if text:
            start = read_start(organisation_id, text, f"/starts/{position}")
            found.setdefault(start.text, start)
    return list(found.values())


def read_start(organisation_id: int, text: str, place: str = "") -> Start:
    """Return the start behind a text. Raises as `read_starts`."""
    said = read_said(text, place)
    if said is None:
        return _goods(organisation_id, text, place)
    start = _meant(organisation_id, _with_places(organisation_id, said, place), place)
    if not start.meant:
        raise Invalid("start_finds_nothing", place=place)
    return start


def _goods(organisation_id: int, text: str, place: str) -> Start:
    key = resolve_spoken(organisation_id=organisation_id, text=text)
    if key is None:
        raise Invalid("identity_unknown", place=place, given=text[:80])
    identity = identities.identity_of(organisation_id, key)
    if identity.scheme in _NO_GOODS or identity.primary.startswith(_OWN_NAMES):
        raise Invalid("not_goods", place=place)
    return Start(identity.digital_link(), (lineage.Goods(key),))


def _with_places(organisation_id: int, said: Said, place: str) -> Said:
    """Return a start with its places as identifiers: a code may be given to another place."""
    if not said.all("place"):
        return said
    places = sorted({place_text(organisation_id, text) for text in said.all("place")})
    return said_of(said.kind, {**said.fields, "place": places}, place)


def _meant(organisation_id: int, said: Said, place: str) -> Start:
    if said.kind == "measured":
        times = tuple(excursions(organisation_id, said, place))
        return Start(said.text, measured(said, times), said, times)
    return Start(said.text, _RESOLVERS[said.kind](organisation_id, said, place), said)
