"""How a recipient can be reached: sealed at rest, kept as long as the case needs it.

Owns: `Contact`, its sealed form, how it is read out of free text, a contact list's columns.
Invariant: nothing of it is audited, logged or searched. Rows of a list that no affected parcel is
known by are not stored at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

from suyuan.kernel.errors import Invalid
from suyuan.kernel.secretbox import seal, unseal
from suyuan.kernel.spreadsheets import read_table

MOST_ROWS: Final = 100_000
_PURPOSE: Final = "recall-contacts"
_LONGEST: Final = {"name": 80, "email": 254, "phone": 32}
# What mail servers take and no header can be broken with; the rest the server tells.
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,188}[A-Za-z0-9])?"
)
_PHONE: Final = re.compile(r"(?:\+|00)?[0-9][0-9 ()/-]{4,24}[0-9]")
_IN_TEXT_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_IN_TEXT_PHONE: Final = re.compile(r"(?<![0-9A-Za-z])\+?[0-9][0-9 -]{5,18}[0-9](?![0-9A-Za-z])")

# The columns of a contact list, by every heading that shops use for them.
_COLUMNS: Final[dict[str, str]] = {
    heading: column
    for column, headings in {
        "order": ("order", "order number", "order_number", "订单号", "订单编号", "主订单编号"),
        "waybill": (
            "waybill",
            "waybill number",
            "tracking number",
            "运单号",
            "快递单号",
            "物流单号",
        ),
        "email": ("email", "e-mail", "mail", "邮箱", "电子邮箱", "电子邮件"),
        "phone": (
            "phone",
            "telephone",
            "mobile",
            "手机",
            "手机号",
            "电话",
            "联系电话",
            "收货人手机",
        ),
        "name": ("name", "buyer", "recipient", "姓名", "收件人", "收货人", "收货人姓名", "买家"),
        "language": ("language", "lang", "语言"),
    }.items()
    for heading in headings
}
_LANGUAGES: Final = {"": "", "zh": "zh-hans", "zh-hans": "zh-hans", "zh-cn": "zh-hans", "en": "en"}


@dataclass(frozen=True, slots=True)
class Contact:
    """How one person can be reached."""

    name: str = ""
    email: str = ""
    phone: str = ""

    def __bool__(self) -> bool:
        return bool(self.email or self.phone)


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A row of a contact list."""

    order: str
    waybill: str
    contact: Contact
    language: str  # "" if it does not say


def sealed(contact: Contact) -> bytes:
    """Return what is stored of a contact."""
    return seal(_PURPOSE, json.dumps(asdict(contact), ensure_ascii=False).encode())


def opened(token: bytes | None) -> Contact:
    """Return a contact from what is stored; an empty one once it is forgotten.

    Raises:
        SealBroken: it was sealed under another secret.
    """
    if token is None:
        return Contact()
    return Contact(**json.loads(unseal(_PURPOSE, bytes(token))))


def contact_in(text: str, name: str = "") -> Contact:
    """Return the first e-mail address and telephone number in what people wrote of themselves."""
    email = _IN_TEXT_EMAIL.search(text)
    rest = _IN_TEXT_EMAIL.sub(" ", text)
    phone = _IN_TEXT_PHONE.search(rest)
    return Contact(
        name=name,
        email=email[0] if email and _EMAIL.fullmatch(email[0]) else "",
        phone=_digits(phone[0]) if phone else "",
    )


def read_contacts(body: bytes) -> Iterator[ContactRow]:
    """Read a contact list, CSV or XLSX, row by row.

    Raises:
        Invalid: see `kernel.spreadsheets.read_table`; `contacts_columns` when neither order nor
            waybill, or no way to reach anyone, has a column; `contact_email`, `contact_phone`,
            `contact_name`, `contact_language`, `contact_key` with the place of the fault.
    """
    table = read_table(body, most_rows=MOST_ROWS)
    columns = [_COLUMNS.get(" ".join(heading.lower().split()), "") for heading in table.headings]
    known = set(columns)
    if not known & {"order", "waybill"} or not known & {"email", "phone"}:
        raise Invalid("contacts_columns", place="row 1")
    for number, cells in table.rows:
        told = dict.fromkeys(_COLUMNS.values(), "") | {
            column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column
        }
        yield _row(told, f"row {number}")


def _row(told: dict[str, str], place: str) -> ContactRow:
    email, phone = told["email"], told["phone"]
    if not (told["order"] or told["waybill"]) or len(told["order"] + told["waybill"]) > 240:
        raise Invalid("contact_key", place=place)
    if email and (not _EMAIL.fullmatch(email) or len(email) > _LONGEST["email"]):
        raise Invalid("contact_email", place=place, given=email[:60])
    if phone and not _PHONE.fullmatch(phone):
        raise Invalid("contact_phone", place=place, given=phone[:40])
    if len(told["name"]) > _LONGEST["name"] or not told["name"].isprintable():
        raise Invalid("contact_name", place=place)
    language = _LANGUAGES.get(told["language"].lower())
    if language is None:
        raise Invalid("contact_language", place=place, given=told["language"][:20])
    contact = Contact(told["name"], email, _digits(phone))
    return ContactRow(told["order"], told["waybill"], contact, language)


def _digits(text: str) -> str:
    """Return a telephone number as services want it: digits, perhaps with a plus in front."""
    plus = "+" if text.startswith("+") else ""
    return plus + "".join(sign for sign in text if sign.isdigit())
