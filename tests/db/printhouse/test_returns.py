"""Lists that come back: read, matched, previewed, applied."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from suyuan.issuing import selectors as issuing
from suyuan.issuing.errors import AlreadyActive
from suyuan.issuing.models import CodeOrder, Withdrawal
from suyuan.issuing.services import commission, order_codes, withdraw_codes
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.masterdata.models import Location, Product
from suyuan.printhouse import selectors, services
from suyuan.printhouse.errors import PackageStateWrong, ReturnEmpty, ReturnOutdated
from suyuan.printhouse.models import Package, ReturnList
from suyuan.printhouse.returned import findings, matching
from suyuan.printhouse.values import Made
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from tests.issuing_world import MADE
from tests.printhouse_world import make, table


def _preview(actor: Actor, package: Package, *rows: str, **more: Any) -> ReturnList:
    return services.preview_return(
        actor=actor, number=package.number, file_name="back.csv", body=table(*rows), **more
    )


def _apply(actor: Actor, package: Package, row: ReturnList) -> ReturnList:
    return services.apply_return(
        actor=actor, number=package.number, ordinal=row.ordinal, reason="spoiled in printing"
    )


def _faults(row: ReturnList) -> list[tuple[int, str]]:
    return [(finding.line, finding.code) for finding in selectors.findings_of(row)]


def _counts(row: ReturnList) -> tuple[int, int, int]:
    return row.used_count, row.spoiled_count, row.missing_count


# ---------------------------------------------------------------- what lines say


def test_nothing_changes_until_a_list_is_applied(
    actor: Actor, sent: Package, order: CodeOrder
) -> None:
    serials = issuing.serials(order, count=100)
    row = _preview(
        actor,
        sent,
        "编码,状态",
        *(f"{serial},使用" for serial in serials[:90]),
        *(f"{serial},作废" for serial in serials[90:97]),
    )
    assert _counts(row) == (90, 7, 3)
    assert not Withdrawal.objects.exists()
    assert selectors.get_package(actor.organisation_id, sent.number).state == "sent"
    done = _apply(actor, sent, row)
    assert done.applied_by == "system"
    package = selectors.get_package(actor.organisation_id, sent.number)
    assert (package.state, package.used_count, package.spoiled_count, package.missing_count) == (
        "returned",
        90,
        7,
        3,
    )
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.count, withdrawal.first, withdrawal.reference) == (7, 90, sent.number)
    order.refresh_from_db()
    assert order.withdrawn_count == 7
    assert _apply(actor, sent, row).applied_at == done.applied_at
    assert AuditEntry.objects.filter(action="package.apply_return").count() == 1


def test_links_element_strings_and_small_letters_name_codes(
    actor: Actor, sent: Package, order: CodeOrder
) -> None:
    serials = issuing.serials(order, count=4)
    row = _preview(
        actor,
        sent,
        "Serial,Status",
        f"https://tea.example/01/{order.product.gtin}/21/{serials[0]},used",
        f"(01){order.product.gtin}(21){serials[1]},USED",
        f"{serials[2].lower()},Spoiled",
        f" {serials[3]} ,waste",
    )
    assert (_counts(row), _faults(row)) == ((2, 2, 96), [])


def test_sequences_and_whole_rolls_name_codes(
    actor: Actor, sent: Package, order: CodeOrder
) -> None:
    row = _preview(
        actor,
        sent,
        "起始序号,结束序号,卷号,状态",
        "1,25,,使用",
        "26,,,作废",
        ",,2,使用",
        ",,4,作废",
    )
    assert (_counts(row), _faults(row)) == ((55, 11, 34), [])
    _apply(actor, sent, row)
    assert [(roll.used, roll.spoiled) for roll in selectors.rolls(sent_again(sent))] == [
        (25, 1),
        (30, 0),
        (0, 0),
        (0, 10),
    ]
    assert issuing.withdrawal_at(order, 25) is not None


def sent_again(package: Package) -> Package:
    return selectors.get_package(package.organisation_id, package.number)


def test_counts_by_roll_name_codes_where_only_one_reading_is_possible(
    actor: Actor, sent: Package, order: CodeOrder
) -> None:
    serials = issuing.serials(order, count=100)
    row = _preview(
        actor,
        sent,
        "卷号,使用数,作废数,编码,状态",
        "1,30,0,,",  # all used
        "2,28,2,,",  # its spoiled ones are named below: the rest was used
        "3,20,5,,",  # nobody knows which
        "4,0,10,,",  # all spoiled
        f",,,{serials[30]},作废",
        f",,,{serials[31]},作废",
    )
    assert (_counts(row), _faults(row)) == ((78, 17, 5), [])
    assert (row.used_unnamed, row.spoiled_unnamed, row.counted_rolls) == (20, 5, [3])
    _apply(actor, sent, row)
    order.refresh_from_db()
    assert order.withdrawn_count == 12
    again = _preview(actor, sent, "卷号,使用数,作废数", "3,5,0", "1,30,0")
    assert _faults(again) == [(2, "returned_before")]
    named = _preview(actor, sent, "编码,状态", f"{serials[60]},使用")
    assert _faults(named) == [(2, "returned_before")]


def test_counts_that_do_not_add_up_are_named(actor: Actor, sent: Package, order: CodeOrder) -> None:
    serials = issuing.serials(order, count=100)
    row = _preview(
        actor,
        sent,
        "roll,used,spoiled,code,status",
        "1,29,2,,",
        "2,30,0,,",
        "3,10,10,,",
        "3,10,10,,",
        "5,1,1,,",
        "x,1,,,",
        f",,,{serials[30]},spoiled",
    )
    assert _faults(row) == [
        (2, "roll_counts"),
        (3, "roll_counts"),
        (5, "line_twice"),
        (6, "roll_unknown"),
        (7, "count_malformed"),
    ]
    assert _counts(row) == (10, 11, 79)


# ---------------------------------------------------------------- what does not fit


def test_lines_that_do_not_fit_are_named_with_their_numbers(
    actor: Actor, product: Product, sent: Package, order: CodeOrder
) -> None:
    other = order_codes(actor=actor, gtin=product.gtin, count=3)
    mine, foreign = issuing.serials(order, count=3), issuing.serials(other)[0]
    row = _preview(
        actor,
        sent,
        "code,status",
        f"{mine[0]},used",
        f"{foreign},used",  # 3
        "00000000000000,used",  # 4
        f"{mine[0]},used",  # 5
        f"{mine[1]},spoiled",
        f"{mine[1]},used",  # 7
        f"{mine[2]},perhaps",  # 8
        f"{mine[2]},",  # 9
        f"https://x.example/01/09521234000020/21/{mine[2]},used",  # 10
        ",used",  # 11
        "https://id.gs1.org/00/095212340000000017,used",  # 12
    )
    assert _faults(row) == [
        (3, "code_other_order"),
        (4, "code_unknown"),
        (5, "line_twice"),
        (7, "line_contradicts"),
        (8, "status_unknown"),
        (9, "status_missing"),
        (10, "code_other_product"),
        (11, "line_empty"),
        (12, "code_unknown"),
    ]
    found = {finding.line: finding for finding in selectors.findings_of(row)}
    assert found[3].data == {"order": other.number}
    assert found[5].data == {"first": 2}
    assert found[7].data["first"] == 6
    assert _counts(row) == (1, 0, 99)


def test_a_contradicted_code_stays_out_whatever_comes_after(
    actor: Actor, sent: Package, order: CodeOrder
) -> None:
    serial = issuing.serials(order, first=4)[0]
    row = _preview(
        actor,
        sent,
        "code,from,to,roll,status",
        f"{serial},,,,used",
        ",1,10,,spoiled",
        f"{serial},,,,used",
        ",5,6,,used",
        ",,,1,spoiled",
        ",0,3,,used",
        ",9,101,,used",
        ",,,9,used",
    )
    assert [code for _, code in _faults(row)] == [
        "line_contradicts",
        "line_contradicts",
        "line_contradicts",
        "line_contradicts",
        "line_twice",
        "sequence_range",
        "sequence_range",
        "roll_unknown",
    ]
    # Of roll 1, sequences 5 and 6 are contradicted, the other 28 are spoiled.
    assert _counts(row) == (0, 28, 72)


def test_codes_of_another_package_of_the_order_are_named(
    actor: Actor, order: CodeOrder, made: Made, product: Product, printer: object
) -> None:
    bigger = order_codes(actor=actor, gtin=product.gtin, count=20)
    first, second = make(actor, bigger, count=10), make(actor, bigger)
    serial = issuing.serials(bigger, first=12)[0]
    row = _preview(actor, first.package, "code,status", f"{serial},used")
    assert _faults(row) == [(2, "code_other_package")]
    assert selectors.findings_of(row)[0].data == {"reference": second.package.number}
    with pytest.raises(ReturnEmpty):
        _apply(actor, first.package, row)


def test_what_the_record_says_otherwise_is_named(
    actor: Actor, sent: Package, order: CodeOrder, line: Location
) -> None:
    serials = issuing.serials(order, count=100)
    withdraw_codes(actor=actor, order_number=order.number, positions=[0, 1], reason="test")
    commission(
        actor=actor,
        order_number=order.number,
        lot_code="",
        time=MADE,
        location_code=line.code,
        first=2,
        count=2,
    )
    row = _preview(
        actor,
        sent,
        "code,status",
        f"{serials[0]},used",
        f"{serials[1]},spoiled",
        f"{serials[2]},spoiled",
        f"{serials[3]},used",
    )
    assert _faults(row) == [(2, "code_withdrawn"), (4, "code_active")]
    _apply(actor, sent, row)
    assert Withdrawal.objects.count() == 1
    later = _preview(actor, sent, "code,status", f"{serials[3]},spoiled", f"{serials[1]},used")
    assert {code for _, code in _faults(later)} == {"returned_otherwise"}
    same = _preview(actor, sent, "code,status", f"{serials[3]},used", f"{serials[1]},spoiled")
    assert {code for _, code in _faults(same)} == {"returned_before"}


def test_many_faults_are_counted_where_they_are_not_all_named(
    actor: Actor, sent: Package, order: CodeOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MOST_NAMED", 3)
    monkeypatch.setattr(matching, "_AT_ONCE", 4)
    monkeypatch.setattr(matching, "_TRACED", 2)
    row = _preview(actor, sent, "code,status", *(f"{n:014},used" for n in range(10)))
    assert (row.fault_count, len(selectors.findings_of(row))) == (10, 3)
    assert findings.MOST_NAMED > 3


def test_a_status_for_the_whole_list_may_be_given(
    actor: Actor, sent: Package, order: CodeOrder
) -> None:
    serials = issuing.serials(order, count=2)
    row = _preview(actor, sent, "code,机台", *(f"{one},A" for one in serials), default="spoiled")
    assert _counts(row) == (0, 2, 98)


def test_a_workbook_is_read_too(actor: Actor, sent: Package, order: CodeOrder) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["卷号", "使用数", "作废数"])
    sheet.append([1, 30, 0])
    out = io.BytesIO()
    book.save(out)
    row = services.preview_return(
        actor=actor, number=sent.number, file_name="back\0.xlsx", body=out.getvalue()
    )
    assert (_counts(row), row.file_name) == ((30, 0, 70), "—")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "file_empty"),
        (b"PK\x03\x04 broken", "xlsx_malformed"),
        (b"a,b\r\n1,2", "return_columns"),
        (b'code,status\r\n"x', "csv_malformed"),
        (b"\xff\xff\xff\x81", "encoding_unknown"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_reason(
    actor: Actor, sent: Package, body: bytes, code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        services.preview_return(actor=actor, number=sent.number, file_name="x", body=body)
    assert refusal.value.code == code
    assert not ReturnList.objects.exists()


# ---------------------------------------------------------------- applying


def test_of_two_lists_previewed_at_once_only_one_is_applied(
    actor: Actor, sent: Package, order: CodeOrder
) -> None:
    serials = issuing.serials(order, count=2)
    first = _preview(actor, sent, "code,status", f"{serials[0]},used")
    second = _preview(actor, sent, "code,status", f"{serials[0]},spoiled")
    assert (first.ordinal, second.ordinal) == (1, 2)
    _apply(actor, sent, first)
    with pytest.raises(ReturnOutdated):
        _apply(actor, sent, second)


def test_a_spoiled_code_that_became_active_meanwhile_leaves_nothing_applied(
    actor: Actor, sent: Package, order: CodeOrder, line: Location
) -> None:
    serials = issuing.serials(order, count=2)
    row = _preview(actor, sent, "code,status", f"{serials[0]},spoiled", f"{serials[1]},spoiled")
    commission(
        actor=actor,
        order_number=order.number,
        lot_code="",
        time=MADE,
        location_code=line.code,
        first=1,
        count=1,
    )
    with pytest.raises(AlreadyActive):
        _apply(actor, sent, row)
    assert not Withdrawal.objects.exists()
    assert selectors.get_package(actor.organisation_id, sent.number).state == "sent"


def test_codes_of_rolls_that_were_only_counted_are_not_withdrawn_as_missing(
    actor: Actor, sent: Package, order: CodeOrder
) -> None:
    row = _preview(actor, sent, "roll,used,spoiled", "1,20,5", "2,30,0")
    _apply(actor, sent, row)
    services.close_package(actor=actor, number=sent.number, withdraw_missing="not returned")
    order.refresh_from_db()
    assert order.withdrawn_count == 40
    with pytest.raises(PackageStateWrong):
        _preview(actor, sent, "roll,used,spoiled", "3,1,1")


def test_lists_of_another_organisation_look_unknown(
    actor: Actor, other_actor: Actor, sent: Package
) -> None:
    row = _preview(actor, sent, "roll,used,spoiled", "1,30,0")
    with pytest.raises(NotFound):
        _preview(other_actor, sent, "roll,used,spoiled", "1,30,0")
    with pytest.raises(NotFound):
        _apply(other_actor, sent, row)
    with pytest.raises(NotFound):
        services.apply_return(actor=actor, number=sent.number, ordinal=9, reason="x")
