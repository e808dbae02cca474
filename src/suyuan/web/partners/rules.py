"""Share rules in a sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from suyuan.masterdata.models import Location, Party
from suyuan.masterdata.selectors import products_by_gtin
from suyuan.partners.models import ShareRule
from suyuan.tenancy.actor import Actor
from suyuan.web import vocabulary

_NAMED = 3  # of a list; more are counted


@dataclass(frozen=True, slots=True)
class ToldRule:
    """A rule and what it limits, a phrase each."""

    rule: ShareRule
    phrases: Sequence[str]


def told_rules(actor: Actor, rules: Sequence[ShareRule]) -> list[ToldRule]:
    """Return rules in words, with three look-ups for all."""
    here, language = actor.organisation_id, get_language() or ""
    places = {one for rule in rules for one in rule.places}
    parties = {one for rule in rules for one in rule.parties}
    gtins = {one for rule in rules for one in rule.gtins}
    located = Location.objects.filter(organisation_id=here, code__in=places)
    named = Party.objects.filter(organisation_id=here, code__in=parties)
    names = {
        "places": {row.code: row.name(language) for row in located},
        "parties": {row.code: row.name(language) for row in named},
        "gtins": {g: row.name(language) for g, row in products_by_gtin(here, gtins).items()},
    }
    return [ToldRule(rule, _phrases(rule, names)) for rule in rules]


def _phrases(rule: ShareRule, names: dict[str, dict[str, str]]) -> list[str]:
    found = []
    if rule.own_places or rule.places:
        own = [pgettext("share", "the partner’s own places")] if rule.own_places else []
        listed = _listed([*own, *(names["places"].get(one, one) for one in rule.places)])
        found.append(_("Happens at: %(places)s") % {"places": listed})
    if rule.own_party or rule.parties:
        own = [pgettext("share", "the partner")] if rule.own_party else []
        listed = _listed([*own, *(names["parties"].get(one, one) for one in rule.parties)])
        found.append(_("Sent or received by: %(parties)s") % {"parties": listed})
    if rule.gtins:
        listed = _listed(names["gtins"].get(one, one) for one in rule.gtins)
        found.append(_("Products: %(products)s") % {"products": listed})
    if rule.steps:
        listed = _listed(str(vocabulary.step(one).label) for one in rule.steps)
        found.append(_("Steps: %(steps)s") % {"steps": listed})
    if rule.since:
        found.append(_("From %(day)s on") % {"day": timezone.localtime(rule.since).date()})
    if rule.until:
        last = timezone.localtime(rule.until - timedelta(seconds=1)).date()
        found.append(_("Until %(day)s") % {"day": last})
    return found or [_("Every event")]


def _listed(words: Iterable[str]) -> str:
    found = list(words)
    text = _(", ").join(found[:_NAMED])
    if len(found) > _NAMED:
        text += _(" and %(count)s more") % {"count": len(found) - _NAMED}
    return text
