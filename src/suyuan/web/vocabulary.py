"""The words that screens show for codes: statuses, business steps, whereabouts, verdicts.

Owns: the label, the tone and the icon of each code, for badges and timelines; units of measure.
Does not own: the codes themselves (each domain's values; CBV 2.0 for steps and dispositions).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy as pgt

type Text = str | Promise


@dataclass(frozen=True, slots=True)
class Word:
    """How a code is shown: `tone` is good, bad, warn, info, special or quiet."""

    label: Text
    tone: str = "quiet"
    icon: str = ""


STATUSES: Final[dict[str, Word]] = {
    # dispositions (CBV 2.0 §7.2)
    "active": Word(pgt("disposition", "Active"), "good", "circle-check"),
    "inactive": Word(pgt("disposition", "Not active"), "quiet", "circle-dashed"),
    "encoded": Word(pgt("disposition", "Encoded"), "quiet", "qrcode"),
    "in_progress": Word(pgt("disposition", "In progress"), "info", "clock"),
    "in_transit": Word(pgt("disposition", "In transit"), "info", "truck"),
    "container_closed": Word(pgt("disposition", "Packed"), "info", "package"),
    "sellable_accessible": Word(pgt("disposition", "On sale"), "good", "building-store"),
    "sellable_not_accessible": Word(pgt("disposition", "In stock"), "good", "building-warehouse"),
    "non_sellable_other": Word(pgt("disposition", "Not for sale"), "warn", "ban"),
    "retail_sold": Word(pgt("disposition", "Sold"), "special", "shopping-cart"),
    "returned": Word(pgt("disposition", "Returned"), "special", "truck-return"),
    "recalled": Word(pgt("disposition", "Recalled"), "bad", "alert-triangle"),
    "destroyed": Word(pgt("disposition", "Destroyed"), "quiet", "trash"),
    "expired": Word(pgt("disposition", "Expired"), "warn", "clock"),
    "damaged": Word(pgt("disposition", "Damaged"), "warn", "alert-triangle"),
    "conformant": Word(pgt("disposition", "Conformant"), "good", "check"),
    "non_conformant": Word(pgt("disposition", "Not conformant"), "bad", "x"),
    "no_pedigree_match": Word(pgt("disposition", "Pedigree does not match"), "bad", "shield-x"),
    "dispensed": Word(pgt("disposition", "Dispensed"), "special", "shopping-cart"),
    "partially_dispensed": Word(pgt("disposition", "Partly dispensed"), "info", "shopping-cart"),
    "disposed": Word(pgt("disposition", "Disposed of"), "quiet", "trash"),
    "reserved": Word(pgt("disposition", "Reserved"), "info", "lock"),
    "stolen": Word(pgt("disposition", "Stolen"), "bad", "alert-triangle"),
    "available": Word(pgt("disposition", "Available"), "good", "circle-check"),
    "unavailable": Word(pgt("disposition", "Not available"), "warn", "ban"),
    "completeness_verified": Word(pgt("disposition", "Complete, checked"), "good", "checks"),
    "completeness_inferred": Word(pgt("disposition", "Complete, assumed"), "info", "check"),
    "container_open": Word(pgt("disposition", "Container open"), "info", "box"),
    "mismatch_instance": Word(pgt("disposition", "Another item than told"), "warn", "x"),
    "mismatch_class": Word(pgt("disposition", "Another product than told"), "warn", "x"),
    "mismatch_quantity": Word(pgt("disposition", "Another quantity than told"), "warn", "x"),
    "needs_replacement": Word(pgt("disposition", "Needs replacement"), "warn", "refresh"),
    "unknown": Word(pgt("disposition", "Unknown"), "quiet", "help-circle"),
    # verdicts of a consumer's scan
    "genuine_first": Word(pgt("verdict", "Genuine, first scan"), "good", "shield-check"),
    "genuine_seen": Word(pgt("verdict", "Genuine, scanned before"), "info", "eye"),
    "never_issued": Word(pgt("verdict", "Never issued"), "bad", "shield-x"),
    "not_activated": Word(pgt("verdict", "Not activated"), "warn", "circle-dashed"),
    "withdrawn": Word(pgt("verdict", "Withdrawn"), "bad", "ban"),
    "lot_genuine": Word(pgt("verdict", "Genuine lot"), "good", "shield-check"),
    "lot_recalled": Word(pgt("verdict", "Recalled lot"), "bad", "alert-triangle"),
    "lot_unknown": Word(pgt("verdict", "Unknown lot"), "bad", "shield-x"),
    "tap_genuine": Word(pgt("verdict", "Genuine chip"), "good", "nfc"),
    "tap_replayed": Word(pgt("verdict", "Used tap"), "warn", "history"),
    "tap_invalid": Word(pgt("verdict", "No genuine chip"), "bad", "shield-x"),
    "tap_unknown": Word(pgt("verdict", "Chip on no goods"), "warn", "circle-dashed"),
    "tap_mismatch": Word(pgt("verdict", "Chip of other goods"), "bad", "shield-x"),
    "malformed": Word(pgt("verdict", "Not a code of ours"), "quiet", "ban"),
    # cases, reports, orders
    "open": Word(pgt("status", "Open"), "warn", "clock"),
    "closed": Word(pgt("status", "Closed"), "quiet", "check"),
    "draft": Word(pgt("status", "Draft"), "quiet", "edit"),
    "answered": Word(pgt("status", "Answered"), "good", "check"),
    "pass": Word(pgt("status", "Passed"), "good", "check"),
    "fail": Word(pgt("status", "Failed"), "bad", "x"),
    "revoked": Word(pgt("status", "Revoked"), "bad", "ban"),
    "published": Word(pgt("status", "Published"), "good", "world"),
    "issued": Word(pgt("status", "Issued"), "info", "qrcode"),
    "commissioned": Word(pgt("status", "Commissioned"), "good", "circle-check"),
    "failed": Word(pgt("status", "Refused"), "bad", "x"),
    "done": Word(pgt("status", "Done"), "good", "check"),
    # packages for print houses, sets
    "cancelled": Word(pgt("status", "Cancelled"), "quiet", "ban"),
    "package_preparing": Word(pgt("package", "Being prepared"), "info", "clock"),
    "package_prepared": Word(pgt("package", "Prepared"), "good", "lock"),
    "package_sent": Word(pgt("package", "Sent"), "info", "package-export"),
    "package_returned": Word(pgt("package", "List returned"), "special", "package-import"),
    "package_reconciled": Word(pgt("package", "Reconciled"), "good", "checks"),
    "package_cancelled": Word(pgt("package", "Cancelled"), "quiet", "ban"),
    # recalls
    "recall_proposed": Word(pgt("recall", "To be approved"), "warn", "clock"),
    "recall_approved": Word(pgt("recall", "Being carried out"), "bad", "alert-triangle"),
    "recall_rejected": Word(pgt("recall", "Rejected"), "quiet", "x"),
    "recall_withdrawn": Word(pgt("recall", "Withdrawn"), "quiet", "arrow-back-up"),
    "recall_closed": Word(pgt("recall", "Closed"), "quiet", "check"),
    "recall_replaced": Word(pgt("recall", "Replaced"), "quiet", "refresh"),
    "outcome_stopped": Word(pgt("outcome", "Stopped in house"), "good", "hand-stop"),
    "outcome_recovered": Word(pgt("outcome", "Recovered"), "good", "truck-return"),
    "outcome_destroyed": Word(pgt("outcome", "Destroyed"), "good", "trash"),
    "outcome_unreachable": Word(pgt("outcome", "Beyond reach"), "warn", "ban"),
    "outcome_out": Word(pgt("outcome", "Still out"), "bad", "alert-triangle"),
    # drills
    "running": Word(pgt("drill", "Running"), "warn", "clock"),
    "finished": Word(pgt("drill", "Scored"), "good", "checks"),
    "abandoned": Word(pgt("drill", "Given up"), "quiet", "ban"),
    # whereabouts and certainty of a scope
    "in_house": Word(pgt("whereabouts", "In house"), "good", "building-warehouse"),
    "sold": Word(pgt("whereabouts", "Sold"), "bad", "shopping-cart"),
    "not_seen": Word(pgt("whereabouts", "Not seen"), "quiet", "help-circle"),
    "proven": Word(pgt("certainty", "Proven"), "bad", "check"),
    "possible": Word(pgt("certainty", "Possible"), "warn", "help-circle"),
}

# Business steps (CBV 2.0 §7.1), as a reader meets them in a history.
STEPS: Final[dict[str, Word]] = {
    "commissioning": Word(pgt("step", "Commissioned"), "good", "qrcode"),
    "encoding": Word(pgt("step", "Code written"), "good", "qrcode"),
    "creating_class_instance": Word(pgt("step", "Produced"), "good", "building-factory-2"),
    "transforming": Word(pgt("step", "Made"), "good", "building-factory-2"),
    "assembling": Word(pgt("step", "Assembled"), "good", "tool"),
    "installing": Word(pgt("step", "Installed"), "good", "tool"),
    "collecting": Word(pgt("step", "Collected"), "good", "packages"),
    "sampling": Word(pgt("step", "Sampled"), "info", "flask"),
    "inspecting": Word(pgt("step", "Inspected"), "good", "clipboard-check"),
    "repairing": Word(pgt("step", "Repaired"), "good", "tool"),
    "repackaging": Word(pgt("step", "Repacked"), "good", "package"),
    "packing": Word(pgt("step", "Packed"), "good", "package"),
    "unpacking": Word(pgt("step", "Unpacked"), "good", "box"),
    "loading": Word(pgt("step", "Loaded"), "good", "truck-loading"),
    "unloading": Word(pgt("step", "Unloaded"), "good", "truck-loading"),
    "picking": Word(pgt("step", "Picked"), "good", "list-details"),
    "staging_outbound": Word(pgt("step", "Staged for dispatch"), "good", "package-export"),
    "departing": Word(pgt("step", "Departed"), "good", "truck-delivery"),
    "shipping": Word(pgt("step", "Shipped"), "good", "truck-delivery"),
    "transporting": Word(pgt("step", "Under way"), "good", "truck"),
    "arriving": Word(pgt("step", "Arrived"), "good", "map-pin"),
    "receiving": Word(pgt("step", "Received"), "good", "package-import"),
    "accepting": Word(pgt("step", "Accepted"), "good", "check"),
    "storing": Word(pgt("step", "Put in storage"), "good", "building-warehouse"),
    "stocking": Word(pgt("step", "Stocked"), "good", "building-warehouse"),
    "cycle_counting": Word(pgt("step", "Counted"), "good", "clipboard-list"),
    "stock_taking": Word(pgt("step", "Counted in stocktaking"), "good", "clipboard-list"),
    "retail_selling": Word(pgt("step", "Sold at retail"), "special", "shopping-cart"),
    "dispensing": Word(pgt("step", "Dispensed"), "special", "shopping-cart"),
    "consigning": Word(pgt("step", "Consigned"), "good", "receipt"),
    "holding": Word(pgt("step", "Held"), "bad", "hand-stop"),
    "returning": Word(pgt("step", "Returned"), "special", "truck-return"),
    "decommissioning": Word(pgt("step", "Code retired"), "quiet", "ban"),
    "destroying": Word(pgt("step", "Destroyed"), "quiet", "trash"),
    "removing": Word(pgt("step", "Removed"), "quiet", "minus"),
    "replacing": Word(pgt("step", "Replaced"), "good", "refresh"),
    "disassembling": Word(pgt("step", "Taken apart"), "good", "tool"),
    "entering_exiting": Word(pgt("step", "Passed the gate"), "quiet", "login"),
    "killing": Word(pgt("step", "Tag killed"), "quiet", "ban"),
    "reserving": Word(pgt("step", "Set aside"), "info", "lock"),
    "void_shipping": Word(pgt("step", "Dispatch cancelled"), "warn", "arrow-back-up"),
    "sensor_reporting": Word(pgt("step", "Measured"), "info", "temperature"),
    "other": Word(pgt("step", "Another step"), "quiet", "dots"),
    "": Word(pgt("step", "Seen"), "quiet", "eye"),
}


SOURCES: Final[dict[str, Text]] = {
    "http": pgt("capture source", "Interface"),
    "process": pgt("capture source", "Recorded by hand"),
    "issuing": pgt("capture source", "Code orders and batches"),
    "recalls": pgt("capture source", "Recall"),
    "docks": pgt("capture source", "RFID readers"),
    "cli": pgt("capture source", "Command line"),
    "web": pgt("capture source", "Handed in on a page"),
}
UNITS: Final[dict[str, Text]] = {
    "KGM": "kg",
    "GRM": "g",
    "TNE": "t",
    "LTR": "L",
    "MLT": "mL",
    "MTR": "m",
    "H87": pgt("of measure", "pcs"),
    "EA": pgt("of measure", "pcs"),
}


def amount(quantity: str) -> str:
    """Return a quantity as people write it: `60.0 KGM` becomes `60 kg`."""
    number, _space, unit = quantity.partition(" ")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return f"{number} {UNITS.get(unit, unit)}".strip()


def source(code: str) -> Text:
    """Return the way by which events came in; an unknown code shows itself."""
    return SOURCES.get(code, code)


def status(code: str) -> Word:
    """Return how `code` is shown; an unknown code shows itself."""
    return STATUSES.get(code) or Word(code)


def step(code: str) -> Word:
    """Return how a business step (bare CBV word or a URI) is shown."""
    return STEPS.get(code) or Word(code.rsplit("/", 1)[-1].rsplit(":", 1)[-1], "quiet", "activity")
