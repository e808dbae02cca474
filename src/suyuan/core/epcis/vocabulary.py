"""The Core Business Vocabulary 2.0 as tables.

Owns: the standard words, their numbers in the event store, their spellings, and the prefixes that
the standard's own context defines.
Invariant: a word's number never changes; new words go to the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache
from typing import Final


class EventType(IntEnum):
    """The five event types."""

    ObjectEvent = 1
    AggregationEvent = 2
    TransactionEvent = 3
    TransformationEvent = 4
    AssociationEvent = 5


class Action(IntEnum):
    """What an event does to the state of its objects."""

    NONE = 0
    ADD = 1
    OBSERVE = 2
    DELETE = 3


STEPS: Final = (
    "accepting arriving assembling collecting commissioning consigning creating_class_instance "
    "cycle_counting decommissioning departing destroying disassembling dispensing encoding "
    "entering_exiting holding inspecting installing killing loading other packing picking "
    "receiving removing repackaging repairing replacing reserving retail_selling shipping "
    "staging_outbound stock_taking stocking storing transporting unloading unpacking "
    "void_shipping sensor_reporting sampling"
).split()
DISPOSITIONS: Final = (
    "active container_closed damaged destroyed dispensed disposed encoded expired in_progress "
    "in_transit inactive no_pedigree_match non_sellable_other partially_dispensed recalled "
    "reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unknown "
    "available completeness_verified completeness_inferred conformant container_open "
    "mismatch_instance mismatch_class mismatch_quantity needs_replacement non_conformant "
    "unavailable"
).split()
TRANSACTION_TYPES: Final = frozenset(
    "bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt".split()
)
PARTY_TYPES: Final = frozenset({"owning_party", "possessing_party", "location"})
ERROR_REASONS: Final = frozenset({"did_not_occur", "incorrect_data"})
MEASUREMENTS: Final = frozenset(
    "AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Radioactivity Altitude "
    "AmountOfSubstance AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum "
    "AngularVelocity Area Capacitance Conductance Conductivity Count Density Dimensionless "
    "DoseEquivalent DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent "
    "ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency Illuminance "
    "Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux "
    "LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass "
    "MassConcentration MassFlowRate MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy "
    "MolarMass MolarVolume Power Pressure RadiantFlux RadiantIntensity RelativeHumidity "
    "Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension "
    "Temperature Time Torque Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux "
    "Wavenumber".split()
)
ALARMS: Final = frozenset({"ALARM_CONDITION", "ERROR_CONDITION"})
COMPONENTS: Final = frozenset(
    "x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting "
    "northing latitude longitude altitude".split()
)

STEP_NUMBERS: Final[Mapping[str, int]] = {word: i for i, word in enumerate(STEPS, 1)}
DISPOSITION_NUMBERS: Final[Mapping[str, int]] = {w: i for i, w in enumerate(DISPOSITIONS, 1)}

STANDARD_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "bizstep": frozenset(STEPS),
    "disp": frozenset(DISPOSITIONS),
    "btt": TRANSACTION_TYPES,
    "sdt": PARTY_TYPES,
    "er": ERROR_REASONS,
    "type": MEASUREMENTS,
    "exception": ALARMS,
    "component": COMPONENTS,
}

CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
# The standard's own context, under every address that it has had.
STANDARD_CONTEXTS: Final = frozenset(
    {
        CONTEXT,
        "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
        "https://gs1.github.io/EPCIS/epcis-context.jsonld",
    }
)
CBV: Final = "https://ref.gs1.org/cbv/"
MASTERDATA_ATTRIBUTE: Final = "urn:epcglobal:cbv:mda"
# What that context defines: no document need declare it, none may mean another thing.
# The CBV's master-data namespace has no separator in XML and one in JSON-LD.
STANDARD_PREFIXES: Final[Mapping[str, str]] = {
    "cbvmda": MASTERDATA_ATTRIBUTE,
    "gs1": "https://gs1.org/voc/",
    "cbv": CBV,
    "epcis": "https://ref.gs1.org/epcis/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
PREFIX_OF_STANDARD: Final[Mapping[str, str]] = {
    **{namespace: prefix for prefix, namespace in STANDARD_PREFIXES.items()},
    MASTERDATA_ATTRIBUTE + ":": "cbvmda",
}

# Vocabulary → how its Web URIs begin, after the CBV's address.
_IN_WEB: Final = {"bizstep": "BizStep-", "disp": "Disp-", "btt": "BTT-", "sdt": "SDT-", "er": "ER-"}
# Vocabulary → (1.x URN, 2.0 Web URI) before the bare word.
SPELLINGS: Final[Mapping[str, tuple[str, str]]] = {
    name: (f"urn:epcglobal:cbv:{name}:", CBV + start) for name, start in _IN_WEB.items()
}
# Everything that a word may begin with; JSON-LD writes the bare word for all.
_STARTS: Final[Mapping[str, tuple[str, ...]]] = {
    name: (*SPELLINGS[name], f"https://ns.gs1.org/cbv/{start}", f"cbv:{start}")
    for name, start in _IN_WEB.items()
}

# Field → the vocabulary of its word.
WORDS: Final[Mapping[str, str]] = {"bizStep": "bizstep", "disposition": "disp"}
# List → (its elements' field, the vocabulary of their `type`).
TYPED_LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "bizTransactionList": ("bizTransaction", "btt"),
    "sourceList": ("source", "sdt"),
    "destinationList": ("destination", "sdt"),
}
# JSON-LD names measurement types, alarms and components by bare words: field → what they leave out.
SENSOR_WORDS: Final[Mapping[str, str]] = {
    "type": "gs1:",
    "exception": "gs1:",
    "component": "cbv:Comp-",
}
_WEB_VOCABULARY: Final = tuple(
    f"{scheme}://{host}/voc/"
    for scheme in ("https", "http")
    for host in ("gs1.org", "www.gs1.org", "ref.gs1.org")
)


_SENSOR_STARTS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("type", "exception"), ("gs1:", *_WEB_VOCABULARY)),
    "component": ("cbv:Comp-", CBV + "Comp-", "https://ns.gs1.org/cbv/Comp-"),
}
# What begins so is the standard's, and must be one of its words.
_RESERVED: Final = (
    *("urn:epcglobal:cbv:", "https://ns.gs1.org/cbv/", "http://ns.gs1.org/cbv/"),
    *(start for starts in _STARTS.values() for start in starts),
    *_SENSOR_STARTS["component"],
    *_WEB_VOCABULARY,
)


@lru_cache(4096)
def bare_word(vocabulary: str, text: str) -> str:
    """Return the bare word of a standard value in any spelling, or `text` as it is."""
    for prefix in _STARTS.get(vocabulary) or _SENSOR_STARTS[vocabulary]:
        if text.startswith(prefix) and text[len(prefix) :] in STANDARD_WORDS[vocabulary]:
            return text[len(prefix) :]
    return text


@lru_cache(4096)
def is_word(vocabulary: str, text: str) -> bool:
    """Tell whether `text` is a bare word of a vocabulary, or a URI beside the standard's."""
    if text in STANDARD_WORDS[vocabulary]:
        return True
    return ":" in text and not text.startswith(_RESERVED)
