"""The documents of a measurement in each syntax that is captured.

Owns: which syntaxes there are, what each is sent as, and the translation into it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from suyuan.core.epcis import Media

SYNTAXES: Final[Mapping[str, tuple[Media, str]]] = {
    "json": ("json", "application/json"),
    "xml-2.0": ("xml", "application/xml"),
    "xml-1.2": ("xml", "application/xml"),
}
"""Name → (how it is read, its media type)."""

_PREFIX_LENGTH: Final = 7  # any: the numbers of a brand without a prefix of GS1's show none


def written(bodies: Sequence[bytes], syntax: str) -> list[bytes]:
    """Return JSON documents in a syntax: in 1.2 with URNs, as it knows no links."""
    from suyuan.core.epcis.forms import EpcFormat, Translator  # noqa: PLC0415
    from suyuan.core.epcis.xml import XmlVersion, write_xml  # noqa: PLC0415

    if syntax == "json":
        return list(bodies)
    version = XmlVersion(syntax.removeprefix("xml-"))
    form = EpcFormat.URN if version is XmlVersion.V1_2 else EpcFormat.NEVER
    translate = Translator(form, lambda _digits: _PREFIX_LENGTH).event
    made = []
    for body in bodies:
        document = msgspec.json.decode(body)
        events: list[tuple[dict[str, Any], dict[str, str]]] = [
            (translate(one), {}) for one in document["epcisBody"]["eventList"]
        ]
        made.append(write_xml(events, version=version, created=document["creationDate"]))
    return made
