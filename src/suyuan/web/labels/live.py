"""What the designer's script asks while the label is drawn: how it looks, what may go wrong.

Owns: the preview as JSON.
Invariant: nothing is saved. A fault hides only the element that it belongs to.
"""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from suyuan.core.labels.decoding import LARGEST, builtins, decode
from suyuan.core.labels.design import Design, DesignFault, LineElement, Paper, Roll
from suyuan.kernel.errors import Invalid
from suyuan.labels.documents import design_of, require_room, sheet_of
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.labels.drawing import preview
from suyuan.web.labels.fitting import fill
from suyuan.web.messages import message, sentence

_LONGEST_BODY: Final = 2 * LARGEST  # design and sheet, and what JSON adds to both
_UNSEEN: Final = LineElement(x=0, y=0, length_mm=0.1, thickness_mm=0.05)

type Faults = list[dict[str, object]]


@require_POST
@back_office(Right.LABELS_DESIGN)
def preview_json(request: HttpRequest, actor: Actor) -> JsonResponse:
    """Draw what the script sends, and say what is wrong and what may go wrong."""
    faults: Faults = []
    try:
        sent = _sent(request)
    except Invalid as error:
        return JsonResponse({"faults": _faults(error)})
    design, paper = _design(sent.get("design"), faults), _paper(sent.get("sheet"), faults)
    if design is None:
        return JsonResponse({"faults": faults})
    if paper is not None and sent.get("fill") is True:
        paper = fill(paper, design)
    hidden = {fault["element"] for fault in faults}
    key = sent.get("example")
    shown = preview(actor, design, paper or Roll(), key if isinstance(key, str) else "")
    answer: dict[str, object] = {
        "svg": shown.svg,
        "remarks": [
            {"element": remark.element, "tone": remark.tone, "text": remark.text}
            for remark in shown.remarks
            if remark.element not in hidden
        ],
    }
    if paper is not None:
        faults += _room(paper, design)
        answer |= {"sheet_svg": shown.sheet, "sheet": builtins(paper)}
    return JsonResponse(answer | {"faults": faults})


def _sent(request: HttpRequest) -> dict[str, Any]:
    length = request.headers.get("Content-Length", "0")
    if not length.isdigit() or len(length) > 9 or int(length) > _LONGEST_BODY:
        raise Invalid("design_too_large", most=LARGEST)
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Invalid("design_malformed", reason="") from error
    if not isinstance(found, dict):
        raise Invalid("design_malformed", reason="")
    return found


def _design(given: object, faults: Faults) -> Design | None:
    """Return the design, unseen lines in the place of faulty elements; None if none is left."""
    document = given if isinstance(given, dict) else {}
    try:
        return design_of(document)
    except Invalid as error:
        found = _faults(error)
    faults += found
    faulty = {fault["element"] for fault in found}
    if None in faulty:
        return None
    try:
        shape: Design = decode(document, Design)
    except DesignFault:
        return None
    elements = [_UNSEEN if at in faulty else one for at, one in enumerate(shape.elements)]
    return msgspec.structs.replace(shape, elements=tuple(elements))


def _paper(given: object, faults: Faults) -> Paper | None:
    try:
        return sheet_of(given if isinstance(given, dict) else {})
    except Invalid as error:
        faults += _faults(error)
        return None


def _room(paper: Paper, design: Design) -> Faults:
    try:
        require_room(paper, design)
    except Invalid as error:
        return _faults(error)
    return []


def _faults(error: Invalid) -> Faults:
    """Return a refusal as the script reads it: place, element and sentence."""
    faults = error.data.get("faults")
    if not isinstance(faults, list):
        return [{"place": error.place, "element": None, "text": sentence(error)}]
    return [
        {
            "place": fault["place"],
            "element": _element_of(fault["place"]),
            "text": message(fault["code"], fault["data"]),
        }
        for fault in faults
    ]


def _element_of(place: str) -> int | None:
    match place.strip("/").split("/"):
        case ["design", "elements", number, *_] if number.isdigit():
            return int(number)
        case _:
            return None
