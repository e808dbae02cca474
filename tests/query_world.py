"""Some events, and for each parameter of the query language which of them it means.

Owns: one table that the pure matcher and the indexes are both held against.
"""

from __future__ import annotations

from typing import Any, Final

PREFIXES: Final = {"ex": "https://ex.example/epcis/", "other": "https://other.example/"}
CONTEXT: Final = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"ex": PREFIXES["ex"]},
]
ITEM_URN: Final = "urn:epc:id:sgtin:9521234.000001.7"
ITEM_LINK: Final = "https://id.gs1.org/01/09521234000013/21/7"
OTHER_ITEM: Final = "urn:epc:id:sgtin:9521234.000002.A-1"
CASE: Final = "urn:epc:id:sscc:9521234.0000000017"
PALLET: Final = "urn:epc:id:sscc:9521234.0000000024"
ASSET: Final = "urn:epc:id:grai:9521234.00001.77"
LOT: Final = "urn:epc:class:lgtin:9521234.000001.L1"
LOT_LINK: Final = "https://id.gs1.org/01/09521234000013/10/L1"
OTHER_LOT: Final = "urn:epc:class:lgtin:9521234.000002.L2"
GATE: Final = "urn:epc:id:sgln:9521234.00001.gate"
DOOR: Final = "urn:epc:id:sgln:9521234.00001.door"
SITE: Final = "https://id.gs1.org/414/9521234000013"
SHOP: Final = "urn:epc:id:sgln:9521234.00002.0"
ORDER: Final = "urn:example:po:1"
BILL: Final = "urn:example:bol:9"
MAKER: Final = "urn:epc:id:pgln:9521234.00000"
SHOPKEEPER: Final = "urn:epc:id:pgln:9521234.00002"
SENT_ID: Final = "urn:uuid:00000000-0000-4000-8000-000000000001"
STEP: Final = "https://ex.example/step/waxing"


def _event(kind: str, hour: int, **fields: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "eventTime": f"2026-02-01T{hour:02d}:00:00.000Z",
        "eventTimeZoneOffset": "+08:00",
        **fields,
    }


EVENTS: Final[dict[str, dict[str, Any]]] = {
    "sent": _event(
        "ObjectEvent",
        1,
        eventID=SENT_ID,
        action="OBSERVE",
        bizStep="shipping",
        disposition="in_transit",
        epcList=[ITEM_URN, OTHER_ITEM],
        readPoint={"id": GATE},
        bizLocation={"id": SITE},
        bizTransactionList=[{"type": "po", "bizTransaction": ORDER}],
        sourceList=[{"type": "owning_party", "source": MAKER}],
        destinationList=[{"type": "owning_party", "destination": SHOPKEEPER}],
    ),
    "got": _event(
        "ObjectEvent",
        2,
        action="OBSERVE",
        bizStep="https://ref.gs1.org/cbv/BizStep-receiving",
        disposition="in_progress",
        epcList=[ITEM_LINK],
        readPoint={"id": DOOR, "ex:room": "north"},
        bizLocation={"id": SHOP},
        bizTransactionList=[{"type": "bol", "bizTransaction": BILL}],
        persistentDisposition={
            "set": ["completeness_verified"],
            "unset": ["completeness_inferred"],
        },
    ),
    "packed": _event(
        "AggregationEvent",
        3,
        action="ADD",
        bizStep="packing",
        parentID=CASE,
        childEPCs=[OTHER_ITEM],
        childQuantityList=[{"epcClass": LOT, "quantity": 10}],
        readPoint={"id": SITE},
    ),
    "sold": _event(
        "TransactionEvent",
        4,
        action="ADD",
        bizTransactionList=[{"type": "po", "bizTransaction": BILL}],
        parentID=PALLET,
        epcList=[CASE],
        quantityList=[{"epcClass": LOT_LINK, "quantity": 2.5, "uom": "KGM"}],
    ),
    "made": _event(
        "TransformationEvent",
        5,
        bizStep=STEP,
        transformationID="urn:example:run:1",
        inputEPCList=[OTHER_ITEM],
        inputQuantityList=[{"epcClass": OTHER_LOT, "quantity": 200, "uom": "KGM"}],
        outputEPCList=[ITEM_LINK],
        outputQuantityList=[{"epcClass": LOT, "quantity": 40}],
        ilmd={"cbvmda:lotNumber": "L1", "ex:oven": {"ex:degrees": 180, "ex:name": "old one"}},
    ),
    "fixed": _event("AssociationEvent", 6, action="DELETE", parentID=ASSET, childEPCs=[ITEM_URN]),
    "felt": _event(
        "ObjectEvent",
        7,
        action="OBSERVE",
        bizStep="sensor_reporting",
        readPoint={"id": GATE},
        sensorElementList=[
            {
                "sensorMetadata": {
                    "time": "2026-02-01T06:30:00Z",
                    "startTime": "2026-02-01T06:00:00Z",
                    "endTime": "2026-02-01T07:00:00Z",
                    "deviceID": "urn:epc:id:giai:9521234.probe",
                    "dataProcessingMethod": "https://ex.example/method",
                    "bizRules": "https://ex.example/rules",
                    "ex:battery": 60,
                },
                "sensorReport": [
                    {"type": "Temperature", "value": 8.5, "uom": "CEL", "ex:dial": "left"},
                    {
                        "type": "Temperature",
                        "minValue": 2,
                        "maxValue": 9,
                        "meanValue": 5,
                        "sDev": 0.5,
                        "uom": "CEL",
                    },
                    {"type": "RelativeHumidity", "percRank": 95, "percValue": 61, "uom": "P1"},
                    {
                        "type": "https://ex.example/note",
                        "stringValue": "wet|cold",
                        "booleanValue": True,
                        "hexBinaryValue": "0AFF",
                    },
                    {"type": "https://ex.example/note", "uriValue": "https://ex.example/picture"},
                    {
                        "type": "https://ex.example/taste",
                        "microorganism": "https://ex.example/yeast",
                        "chemicalSubstance": "https://ex.example/salt",
                    },
                ],
                "ex:shelf": 3,
            }
        ],
    ),
    "undone": _event(
        "ObjectEvent",
        8,
        eventID=SENT_ID,
        action="OBSERVE",
        epcList=["urn:epc:id:sgtin:9521234.000001.8"],
        errorDeclaration={
            "declarationTime": "2026-02-02T00:00:00Z",
            "reason": "incorrect_data",
            "correctiveEventIDs": ["urn:uuid:00000000-0000-4000-8000-000000000002"],
            "ex:by": "Li",
        },
    ),
    "noted": _event(
        "ObjectEvent",
        9,
        action="DELETE",
        bizStep="destroying",
        epcList=["urn:epc:id:gid:1.2.3"],
        **{
            "ex:weight": 12.5,
            "ex:checked": "2026-02-01T08:00:00+08:00",
            "ex:grade": "A",
            "ex:parts": {"ex:part": [{"ex:size": 3}, {"ex:size": 7}], "ex:grade": "inner"},
        },
    ),
}
ALL: Final = frozenset(EVENTS)
_FELT, _NOTED, _MADE = "felt", "noted", "made"

type Row = tuple[str, object, str]
"""A parameter, its value, and the names of the events that it means, separated by blanks."""

ROWS: Final[list[Row]] = [
    ("eventType", "AggregationEvent|TransformationEvent", "packed made"),
    ("eventType", "https://ex.example/OwnEvent", ""),
    ("GE_eventTime", "2026-02-01T08:00:00Z", "undone noted"),
    ("GE_eventTime", "2026-02-01T16:00:00 08:00", "undone noted"),
    ("LT_eventTime", "2026-02-01T02:00:00Z", "sent"),
    ("GE_recordTime", "2026-01-01T00:00:00Z", " ".join(EVENTS)),
    ("LT_recordTime", "2026-01-01T00:00:00Z", ""),
    ("EQ_action", "DELETE", "fixed noted"),
    ("EQ_action", ["ADD", "DELETE"], "packed sold fixed noted"),
    ("EQ_bizStep", "shipping", "sent"),
    ("EQ_bizStep", "urn:epcglobal:cbv:bizstep:receiving|packing", "got packed"),
    ("EQ_bizStep", STEP, "made"),
    ("EQ_bizStep", "https://ex.example/step/unheard-of", ""),
    ("EQ_disposition", "in_transit", "sent"),
    ("EQ_disposition", "https://ref.gs1.org/cbv/Disp-in_progress", "got"),
    ("EQ_persistentDisposition_set", "completeness_verified", "got"),
    ("EQ_persistentDisposition_unset", "completeness_verified", ""),
    ("EQ_persistentDisposition_unset", "completeness_inferred", "got"),
    ("EQ_readPoint", GATE, "sent felt"),
    ("EQ_readPoint", "https://id.gs1.org/414/9521234000013/254/door", "got"),
    ("EQ_bizLocation", SITE, "sent"),
    ("EQ_bizLocation", "urn:epc:id:sgln:9521234.00001.0", "sent"),
    ("EQ_bizLocation", f"{SITE}|{SHOP}", "sent got"),
    ("EQ_transformationID", "urn:example:run:1", "made"),
    ("MATCH_epc", ITEM_URN, "sent got fixed"),
    ("MATCH_epc", ITEM_LINK, "sent got fixed"),
    ("MATCH_epc", f"{CASE}|{OTHER_ITEM}", "sent packed sold"),
    ("MATCH_epc", "urn:epc:idpat:sgtin:9521234.000001.*", "sent got fixed undone"),
    ("MATCH_epc", "https://id.gs1.org/01/09521234000013", "sent got fixed undone"),
    ("MATCH_epc", "urn:epc:idpat:sgtin:9521234.*.*", "sent got packed fixed undone"),
    ("MATCH_epc", "urn:epc:idpat:sgtin:952123.*.*", "sent got packed fixed undone"),
    ("MATCH_epc", "urn:epc:idpat:sgtin:*.*.*", "sent got packed fixed undone"),
    ("MATCH_epc", "urn:epc:idpat:sgtin:9999999.*.*", ""),
    ("MATCH_epc", "urn:epc:idpat:sscc:9521234.*", "sold"),
    ("MATCH_epc", "urn:epc:id:gid:1.2.3", "noted"),
    ("MATCH_epc", "urn:epc:id:sgtin:9521234.000001.99", ""),
    ("MATCH_parentID", CASE, "packed"),
    ("MATCH_parentID", "urn:epc:idpat:sscc:9521234.*", "packed sold"),
    ("MATCH_parentID", "urn:epc:idpat:grai:9521234.00001.*", "fixed"),
    ("MATCH_parentID", "urn:epc:idpat:grai:9521234.*.*", "fixed"),
    ("MATCH_inputEPC", OTHER_ITEM, "made"),
    ("MATCH_inputEPC", ITEM_URN, ""),
    ("MATCH_outputEPC", ITEM_URN, "made"),
    ("MATCH_anyEPC", ITEM_URN, "sent got made fixed"),
    ("MATCH_anyEPC", CASE, "packed sold"),
    ("MATCH_anyEPC", "urn:epc:idpat:sscc:9521234.*", "packed sold"),
    ("MATCH_epcClass", LOT, "packed sold"),
    ("MATCH_epcClass", LOT_LINK, "packed sold"),
    ("MATCH_epcClass", "urn:epc:classpat:lgtin:9521234.000001.*", "packed sold"),
    ("MATCH_epcClass", "urn:epc:classpat:lgtin:9521234.*.*", "packed sold"),
    ("MATCH_epcClass", "https://id.gs1.org/01/09521234000013", ""),
    ("MATCH_inputEPCClass", OTHER_LOT, "made"),
    ("MATCH_outputEPCClass", LOT, "made"),
    ("MATCH_anyEPCClass", LOT, "packed sold made"),
    ("EQ_quantity", "10", "packed"),
    ("EQ_quantity", [10, 40], "packed made"),
    ("GT_quantity", "40", "made"),
    ("GE_quantity", 40, "made"),
    ("LT_quantity", "10", "sold"),
    ("LE_quantity", "10", "packed sold"),
    ("EQ_quantity_KGM", "2.5", "sold"),
    ("GT_quantity_KGM", "2.5", "made"),
    ("LE_quantity_KGM", "200", "sold made"),
    ("EQ_eventID", SENT_ID, "sent undone"),
    ("EQ_eventID", "urn:uuid:00000000-0000-4000-8000-00000000000f", ""),
    ("EXISTS_errorDeclaration", "true", "undone"),
    ("EXISTS_errorDeclaration", None, "undone"),
    ("EXISTS_errorDeclaration", "false", " ".join(EVENTS)),
    ("GE_errorDeclarationTime", "2026-02-02T00:00:00Z", "undone"),
    ("LT_errorDeclarationTime", "2026-02-02T00:00:00Z", ""),
    ("EQ_errorReason", "incorrect_data", "undone"),
    ("EQ_errorReason", "did_not_occur", ""),
    ("EQ_correctiveEventID", "urn:uuid:00000000-0000-4000-8000-000000000002", "undone"),
    ("EQ_bizTransaction_po", ORDER, "sent"),
    ("EQ_bizTransaction_po", f"{ORDER}|{BILL}", "sent sold"),
    ("EQ_bizTransaction_bol", BILL, "got"),
    ("EQ_bizTransaction_urn:epcglobal:cbv:btt:bol", BILL, "got"),
    ("EQ_source_owning_party", MAKER, "sent"),
    ("EQ_source_owning_party", "https://id.gs1.org/417/9521234000006", "sent"),
    ("EQ_source_possessing_party", MAKER, ""),
    ("EQ_destination_owning_party", SHOPKEEPER, "sent"),
    ("EQ_destination_owning_party", MAKER, ""),
    ("EXISTS_sensorElementList", "true", _FELT),
    ("GE_time", "2026-02-01T06:30:00Z", _FELT),
    ("LT_time", "2026-02-01T06:30:00Z", ""),
    ("GE_startTime", "2026-02-01T06:00:00Z", _FELT),
    ("LT_startTime", "2026-02-01T06:00:00Z", ""),
    ("GE_endTime", "2026-02-01T07:00:01Z", ""),
    ("LT_endTime", "2026-02-01T07:00:01Z", _FELT),
    ("EQ_type", "Temperature", _FELT),
    ("EQ_type", "https://gs1.org/voc/RelativeHumidity", _FELT),
    ("EQ_type", "https://ex.example/taste", _FELT),
    ("EQ_type", "Pressure", ""),
    ("EQ_deviceID", "urn:epc:id:giai:9521234.probe", _FELT),
    ("EQ_dataProcessingMethod", "https://ex.example/method", _FELT),
    ("EQ_bizRules", "https://ex.example/rules", _FELT),
    ("EQ_microorganism", "https://ex.example/yeast", _FELT),
    ("EQ_chemicalSubstance", "https://ex.example/salt", _FELT),
    ("EQ_stringValue", ["wet|cold"], _FELT),
    ("EQ_stringValue", "wet|cold", ""),
    ("EQ_hexBinaryValue", "0AFF", _FELT),
    ("EQ_uriValue", "https://ex.example/picture", _FELT),
    ("EQ_booleanValue", "true", _FELT),
    ("EQ_booleanValue", False, ""),
    ("EQ_value_CEL", "8.5", _FELT),
    ("EQ_value_FAH", "8.5", ""),
    ("GT_value_CEL", "8.5", ""),
    ("GE_value_CEL", 8, _FELT),
    ("LT_minValue_CEL", "3", _FELT),
    ("GE_maxValue_CEL", "9", _FELT),
    ("LE_meanValue_CEL", "4", ""),
    ("LE_sDev_CEL", "0.5", _FELT),
    ("GE_percRank", "95", _FELT),
    ("GT_percValue_P1", "60", _FELT),
    ("EQ_SENSORELEMENT_ex:shelf", "3", _FELT),
    ("GT_SENSORMETADATA_ex:battery", "59", _FELT),
    ("EQ_SENSORREPORT_ex:dial", "left", _FELT),
    ("EXISTS_SENSORREPORT_ex:dial", "1", _FELT),
    ("EQ_ex:weight", "12.50", _NOTED),
    ("GT_ex:weight", "12", _NOTED),
    ("LE_ex:weight", "12", ""),
    ("EQ_ex:grade", "A|B", _NOTED),
    ("EQ_ex:grade", "inner", ""),
    ("EQ_https://ex.example/epcis#grade", "A", _NOTED),
    ("EQ_https://ex.example/epcis/grade", "A", _NOTED),
    ("EQ_other:grade", "A", ""),
    ("EQ_ex:checked", "2026-02-01T00:00:00Z", _NOTED),
    ("LT_ex:checked", "2026-02-01T00:00:00Z", ""),
    ("EXISTS_ex:parts", "true", _NOTED),
    ("EXISTS_ex:size", "true", ""),
    ("EXISTS_INNER_ex:size", "true", _NOTED),
    ("GE_INNER_ex:size", "7", _NOTED),
    ("EQ_INNER_ex:grade", "inner", _NOTED),
    ("EQ_ILMD_cbvmda:lotNumber", "L1", _MADE),
    ("EXISTS_ILMD_ex:oven", "true", _MADE),
    ("EQ_ILMD_ex:degrees", "180", ""),
    ("GE_INNER_ILMD_ex:degrees", "180", _MADE),
    ("EQ_INNER_ILMD_ex:name", "old one", _MADE),
    ("EQ_ERROR_DECLARATION_ex:by", "Li", "undone"),
    ("EQ_ERRORDECLARATION_ex:by", "Li", "undone"),
    ("EQ_readPoint_ex:room", "north", "got"),
    ("EXISTS_bizLocation_ex:room", "true", ""),
]
