"""The navigation of the back office, as a table: step → entries.

An entry is shown when its address exists and the actor has its right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

type Text = str | Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """A screen that the navigation leads to."""

    label: Text
    url_name: str
    right: Right | None
    icon: str
    note: Text = ""  # one sentence, for the step's own page
    group: Text = ""  # the heading it stands under there


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five steps; `order` 0 is what stands beside them."""

    name: str
    order: int
    label: Text
    question: Text
    icon: str
    entries: tuple[Entry, ...]
    later: tuple[Text, ...] = ()  # what the step will do and does not yet, a sentence each


# What bears the identity, in the order of the work: from the codes to the goods and back.
_PRINTED: Final = _("Codes on labels")
_CHIPS: Final = _("Tags, chips and other carriers")
_READ: Final = _("Read back")

STEPS: Final[tuple[Step, ...]] = (
    Step(
        "plan",
        1,
        pgettext_lazy("step of five", "Plan"),
        _("Why trace, what, and how fine?"),
        "compass",
        (
            Entry(
                _("Products"),
                "masterdata:products",
                Right.MASTERDATA_VIEW,
                "tag",
                _("What you sell, and whether each item or each batch has an identity."),
            ),
            Entry(
                _("Materials"),
                "masterdata:materials",
                Right.MASTERDATA_VIEW,
                "leaf",
                _("What goes into your products, and who supplies it."),
            ),
            Entry(
                _("Parties"),
                "masterdata:parties",
                Right.MASTERDATA_VIEW,
                "users",
                _("Suppliers, factories, warehouses, shippers, dealers and shops."),
            ),
            Entry(
                _("Locations"),
                "masterdata:locations",
                Right.MASTERDATA_VIEW,
                "map-pin",
                _("Where things happen, with coordinates for the maps."),
            ),
        ),
        (
            _(
                "The planning wizard will ask about drivers, price, volume and nodes, and recommend"
                " batch or item level, a carrier, the cost and a pilot."
            ),
        ),
    ),
    Step(
        "carry",
        2,
        pgettext_lazy("step of five", "Carry"),
        _("What bears the identity?"),
        "qrcode",
        (
            Entry(
                _("Code orders"),
                "issuing:orders",
                Right.CODES_VIEW,
                "qrcode",
                _("Ranges of serials asked for, downloaded and commissioned."),
                _PRINTED,
            ),
            Entry(
                _("Labels"),
                "labels:index",
                Right.LABELS_DESIGN,
                "tags",
                _("What is printed on items, cases and pallets, with every version."),
                _PRINTED,
            ),
            Entry(
                _("Print jobs"),
                "printing:jobs",
                Right.LABELS_PRINT,
                "printer",
                _("Labels printed to files and printers; voids and reprints are kept."),
                _PRINTED,
            ),
            Entry(
                _("Print packages"),
                "printhouse:packages",
                Right.CODES_VIEW,
                "package-export",
                _("Locked files of codes for print houses, and what they report back."),
                _PRINTED,
            ),
            Entry(
                pgettext_lazy("packaging", "Sets"),
                "issuing:sets",
                Right.CODES_VIEW,
                "layers-intersect",
                _("Cases and pallets that know their items before anything is packed."),
                _PRINTED,
            ),
            Entry(
                _("RFID tags"),
                "rfid:ranges",
                Right.CARRIERS_VIEW,
                "access-point",
                _("Which tags an order's items have, and what a tag says that was read."),
                _CHIPS,
            ),
            Entry(
                _("NFC chips"),
                "nfc:chips",
                Right.CARRIERS_VIEW,
                "nfc",
                _("Keys of chips, what they are on, and what taps say of counter and seal."),
                _CHIPS,
            ),
            Entry(
                _("Bound carriers"),
                "carriers:index",
                Right.CARRIERS_VIEW,
                "link",
                _("Tags, chips and other codes that lead to an item, with their history."),
                _CHIPS,
            ),
            Entry(
                _("Read codes"),
                "codes:read",
                Right.TRACE_VIEW,
                "camera",
                _("What codes are on a photo or a PDF, whose they are and in what state."),
                _READ,
            ),
        ),
    ),
    Step(
        "process",
        3,
        pgettext_lazy("step of five", "Process"),
        _("Who does what, where and how?"),
        "sitemap",
        (
            Entry(
                _("Open a batch"),
                "issuing:open_lot",
                Right.EVENTS_CAPTURE,
                "building-factory-2",
                _("A new lot with the material lots that went into it."),
            ),
            Entry(
                _("Lots"),
                "masterdata:lots",
                Right.MASTERDATA_VIEW,
                "stack-2",
                _("What was produced, when, and from which material lots."),
            ),
            Entry(
                _("Material lots"),
                "masterdata:material_lots",
                Right.MASTERDATA_VIEW,
                "packages",
                _("What was received from suppliers, lot by lot."),
            ),
            Entry(
                _("Inspection reports"),
                "quality:reports",
                Right.QUALITY_VIEW,
                "file-certificate",
                _("Reports on material lots, lots and products; published ones are public."),
            ),
        ),
        (_("SOPs will be written here as versioned steps that the scanner runs."),),
    ),
    Step(
        "collect",
        4,
        pgettext_lazy("step of five", "Collect"),
        _("Does it run?"),
        "scan",
        (
            Entry(
                _("Record by hand"),
                "process:collect_home",
                Right.EVENTS_CAPTURE,
                "edit",
                _("Packing, shipping, receiving, delivery, returns, without a scanner."),
            ),
            Entry(
                _("Hand in a document"),
                "partners:check",
                Right.EVENTS_CAPTURE,
                "upload",
                _("EPCIS in JSON or XML: see what it would do, then store it."),
            ),
            Entry(
                _("Partners"),
                "partners:index",
                Right.PARTNERS_VIEW,
                "users",
                _("Factories and warehouses that deliver events, and what they see."),
            ),
            Entry(
                _("Subscriptions"),
                "subscriptions:index",
                Right.EVENTS_VIEW,
                "share",
                _("Who is told of new events, at once or by a schedule, and what did not arrive."),
            ),
            Entry(
                _("Readers at doors"),
                "docks:readers",
                Right.EVENTS_VIEW,
                "truck-loading",
                _("What RFID readers see now, and the arrivals and departures they made."),
            ),
            Entry(
                _("Events"),
                "trace:events",
                Right.EVENTS_VIEW,
                "timeline-event",
                _("Everything captured, in the order of its arrival."),
            ),
            Entry(
                _("Capture jobs"),
                "trace:jobs",
                Right.EVENTS_VIEW,
                "database-import",
                _("What was handed in, what was stored, what was refused and why."),
            ),
        ),
        (_("Phone and PDA scanning, and a dashboard of accuracy for each partner, come here."),),
    ),
    Step(
        "use",
        5,
        pgettext_lazy("step of five", "Use"),
        _("What is it worth?"),
        "shield-check",
        (
            Entry(
                _("Trace"),
                "trace:home",
                Right.TRACE_VIEW,
                "route",
                _("One code in, its whole history out: journey, lots, materials."),
            ),
            Entry(
                _("Recalls"),
                "recalls:cases",
                Right.RECALL_VIEW,
                "alert-triangle",
                _("From a lot to every item it touches, and where each is now."),
            ),
            Entry(
                _("Drills"),
                "recalls:drills",
                Right.RECALL_VIEW,
                "clipboard-check",
                _("Mock recalls with a clock: how long you need, how sure you are."),
            ),
            Entry(
                _("Complaints"),
                "quality:complaints",
                Right.QUALITY_VIEW,
                "message-report",
                _("What consumers report, joined to the item and its materials."),
            ),
            Entry(
                _("Stock by place"),
                "monitoring:stock",
                Right.TRACE_VIEW,
                "building-warehouse",
                _("How many items of which product are where now, and of which lots."),
            ),
            Entry(
                _("Where time goes"),
                "monitoring:dwell",
                Right.TRACE_VIEW,
                "clock",
                _("How long goods stay in each step and at each place, and what holds them up."),
            ),
            Entry(
                _("Suppliers"),
                "monitoring:suppliers",
                Right.QUALITY_VIEW,
                "leaf",
                _("What came of each supplier's lots, with rates and how sure they are."),
            ),
            Entry(
                _("Scans"),
                "verification:scans",
                Right.SCANS_VIEW,
                "shield-check",
                _("Who verified what, where, and with which verdict."),
            ),
        ),
        (_("Consumers' benefits will follow here."),),
    ),
)

# All that somebody sees who speaks for a partner.
PARTNER_STEPS: Final[tuple[Step, ...]] = (
    Step(
        "connect",
        0,
        pgettext_lazy("partner's step", "Connect"),
        _("How do our events get there?"),
        "link",
        (
            Entry(
                _("The first hour"),
                "partners:start",
                Right.EVENTS_DELIVER,
                "compass",
                _("A token, a first document, the sandbox: step by step."),
            ),
            Entry(
                _("Check and send"),
                "partners:check",
                Right.EVENTS_DELIVER,
                "clipboard-check",
                _("What a document would do, what is wrong with it, and where."),
            ),
            Entry(
                _("My deliveries"),
                "partners:deliveries",
                Right.EVENTS_DELIVER,
                "package-export",
                _("Everything you have sent, and what became of it."),
            ),
            Entry(
                _("Shared with me"),
                "partners:shared",
                Right.EVENTS_SHARED,
                "share",
                _("The events that the brand lets you see."),
            ),
            Entry(
                _("Example programs"),
                "partners:programs",
                Right.EVENTS_DELIVER,
                "file-text",
                _("Sending in four languages, ready to run."),
            ),
        ),
    ),
)

# In the organisation's own menu.
SETTINGS: Final[tuple[Entry, ...]] = (
    Entry(_("Organisation"), "tenancy:organisation", Right.ORGANISATION_EDIT, "settings"),
    Entry(_("People"), "tenancy:people", Right.PEOPLE_MANAGE, "users"),
    Entry(_("Roles and rights"), "tenancy:roles", Right.PEOPLE_MANAGE, "lock"),
    Entry(_("API tokens"), "tenancy:tokens", Right.TOKENS_MANAGE, "key"),
    Entry(_("Audit trail"), "tenancy:audit", Right.AUDIT_VIEW, "history"),
)

# In the person's own menu; these addresses have no organisation.
ACCOUNT: Final[tuple[Entry, ...]] = (
    Entry(_("Your profile"), "profile", None, "user-circle"),
    Entry(_("E-mail addresses"), "account_email", None, "user"),
    Entry(_("Change the password"), "account_change_password", None, "lock"),
    Entry(_("Two-step sign-in"), "mfa_index", None, "shield-lock"),
)


def shown(entries: tuple[Entry, ...], actor: Actor | None) -> Iterator[tuple[Entry, str]]:
    """Yield each entry that exists and that `actor` may see, with its address."""
    for entry in entries:
        if entry.right is not None and (actor is None or not actor.may(entry.right)):
            continue
        address = href(entry.url_name, None if entry.right is None else actor)
        if address:
            yield entry, address


def href(url_name: str, actor: Actor | None = None, **arguments: str) -> str:
    """Return the address of a named page, of the actor's organisation; "" while there is none."""
    if actor is not None:
        arguments["org"] = actor.organisation.slug
    try:
        return reverse(url_name, kwargs=arguments)
    except NoReverseMatch:
        return ""


def steps_for(actor: Actor) -> tuple[Step, ...]:
    """Return the steps of an actor's navigation."""
    return STEPS if actor.holder is None else PARTNER_STEPS


def step_named(name: str) -> Step | None:
    """Return the step called `name`."""
    return next((step for step in STEPS if step.name == name), None)
