"""No serial on two standing labels: claims, voids, reprints, and the history of a label."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import allot, order_codes, pack_order, plan_sets, withdraw_codes
from suyuan.kernel.errors import Conflict, Invalid, NotFound
from suyuan.labels.models import LabelTemplateVersion
from suyuan.masterdata.models import Location, Product
from suyuan.printing import selectors, standing
from suyuan.printing.errors import AlreadyPrinted, LabelsRefused
from suyuan.printing.models import JobState, LabelVoid, PrintJob
from suyuan.printing.services import (
    cancel_job,
    reprint_labels,
    reprint_void,
    void_labels,
)
from suyuan.printing.values import ListedCodes, OrderRange, Output, PackingLabels, SetLabels
from suyuan.tenancy.actor import Actor
from tests.issuing_world import MADE
from tests.printing_world import begun, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def printed(actor: Actor, order: CodeOrder, template: LabelTemplateVersion) -> PrintJob:
    """Return a job that has printed the order's first sixty."""
    return run(begun(actor, order, template, wanted=OrderRange(0, 60)))


def serial(order: CodeOrder, position: int) -> str:
    return issuing.serials(order, first=position)[0]


def void(actor: Actor, order: CodeOrder, *texts: str, **more: Any) -> int:
    arguments: dict[str, Any] = {"reason": "spoiled"} | more
    done = void_labels(actor=actor, order_number=order.number, texts=texts, **arguments)
    return done.count


def reasons(caught: pytest.ExceptionInfo[LabelsRefused]) -> list[str]:
    refused: Any = caught.value.data["refused"]
    return [one["reason"] for one in refused]


# ---------------------------------------------------------------- claims


def test_the_same_codes_are_refused_with_job_person_and_time(
    actor: Actor, order: CodeOrder, template: LabelTemplateVersion, printed: PrintJob
) -> None:
    with pytest.raises(AlreadyPrinted) as caught:
        begun(actor, order, template, wanted=OrderRange(50, 20))
    data = caught.value.data
    assert data["reference"] == printed.number
    assert (data["from_number"], data["to_number"], data["by"]) == (1, 60, "system")
    assert data["at"]
    assert PrintJob.objects.count() == 1
    # What is left open takes the free rest.
    assert (begun(actor, order, template).first, begun_total(order)) == (60, 100)
    with pytest.raises(Invalid) as nothing:
        begun(actor, order, template)
    assert nothing.value.code == "print_nothing_left"


def begun_total(order: CodeOrder) -> int:
    return sum(job.total for job in PrintJob.objects.filter(order_id=order.id))


def test_codes_of_a_print_houses_package_are_refused_by_its_number(
    actor: Actor, order: CodeOrder, template: LabelTemplateVersion
) -> None:
    allot(
        actor=actor,
        order_number=order.number,
        first=0,
        count=50,
        kind="package",
        reference="PK-2026-0001",
    )
    with pytest.raises(AlreadyPrinted) as caught:
        begun(actor, order, template, wanted=OrderRange(0, 10))
    assert caught.value.data["reference"] == "PK-2026-0001"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_print_the_same_codes_at_once_one_is_refused(
    actor: Actor, order: CodeOrder, template: LabelTemplateVersion
) -> None:
    ready = threading.Barrier(2)
    outcomes: list[object] = []

    def act(first: int) -> None:
        try:
            ready.wait()
            begun(actor, order, template, wanted=OrderRange(first, 50))
            outcomes.append("made")
        except AlreadyPrinted as error:
            outcomes.append(error.data["reference"])
        except BaseException as error:  # noqa: BLE001 - shown by the assertion
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(first,)) for first in (0, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one for one in outcomes if one != "made"] == [PrintJob.objects.get().number]
    assert len(issuing.allotments(order)) == 1
    assert PrintJob.objects.count() == 1


def test_with_a_reason_codes_are_printed_again_and_the_old_labels_are_void(
    actor: Actor, order: CodeOrder, template: LabelTemplateVersion, printed: PrintJob
) -> None:
    again = begun(actor, order, template, wanted=OrderRange(50, 20), again="smeared")
    assert again.copy == 2
    assert len(standing.standing(printed)) == 50
    (row,) = selectors.voids(printed)
    assert (row.count, row.reason, row.note, row.reprint_id) == (10, "other", "smeared", again.id)
    again = run(again)
    # The first label of code 51 is void, the second stands.
    states = [(one.job.number, one.state) for one in selectors.labels_of(order, 50)]
    assert states == [(printed.number, "void"), (again.number, "made")]


def test_what_another_job_is_still_to_print_is_not_printed_again(
    actor: Actor, order: CodeOrder, template: LabelTemplateVersion
) -> None:
    waiting = begun(actor, order, template, wanted=OrderRange(0, 10))
    with pytest.raises(Conflict) as caught:
        begun(actor, order, template, wanted=OrderRange(0, 10), again="in a hurry")
    assert (caught.value.code, caught.value.data["job"]) == ("labels_to_come", waiting.number)


# ---------------------------------------------------------------- voids


def test_labels_become_void_by_link_serial_range_and_number(
    actor: Actor, order: CodeOrder, printed: PrintJob
) -> None:
    link = issuing.links(order, first=3, base="https://brand.example")[0]
    assert void(actor, order, link, f"  {serial(order, 4).lower()} ") == 2
    assert void(actor, order, f"{serial(order, 12)}..{serial(order, 10)}") == 3
    assert void(actor, order, first=20, count=5) == 5
    assert len(standing.standing(printed)) == 50


def test_void_codes_of_another_order_are_named_and_nothing_is_void(
    actor: Actor,
    order: CodeOrder,
    product: Product,
    other_product: Product,
    printed: PrintJob,
) -> None:
    other = order_codes(actor=actor, gtin=product.gtin, count=5)
    texts = [
        serial(order, 0),
        serial(other, 0),
        f"https://id.gs1.org/01/{other_product.gtin}/21/ABC",
        "00000000000000",
        "絞 no code",
        serial(order, 70),
    ]
    with pytest.raises(LabelsRefused) as caught:
        void(actor, order, *texts)
    assert caught.value.data["count"] == 4
    assert reasons(caught) == [
        "code_of_other_order",
        "code_of_other_product",
        "code_never_issued",
        "code_unreadable",
    ]
    assert not LabelVoid.objects.exists()
    with pytest.raises(LabelsRefused) as unprinted:
        void(actor, order, serial(order, 0), serial(order, 70))
    assert reasons(unprinted) == ["label_not_printed"]
    assert not LabelVoid.objects.exists()


def test_a_void_label_is_not_void_twice_but_its_reprint_can_be(
    actor: Actor, order: CodeOrder, printed: PrintJob
) -> None:
    code = serial(order, 7)
    assert void(actor, order, code) == 1
    with pytest.raises(LabelsRefused) as caught:
        void(actor, order, code)
    assert reasons(caught) == ["label_void_already"]
    again = run(reprint_void(actor=actor, number=printed.number, output=Output()))
    assert (again.total, again.copy, again.again) == (1, 2, "spoiled")
    assert void(actor, order, code, reason="lost") == 1
    assert [row.job_id for row in LabelVoid.objects.order_by("at")] == [printed.id, again.id]
    third = run(reprint_void(actor=actor, number=again.number, output=Output()))
    assert third.copy == 3
    assert [one.state for one in selectors.labels_of(order, 7)] == ["void", "void", "made"]


def test_the_same_void_request_returns_the_first_outcome(
    actor: Actor, order: CodeOrder, printed: PrintJob
) -> None:
    assert void(actor, order, serial(order, 1), request_key="k") == 1
    assert void(actor, order, serial(order, 1), request_key="k") == 1
    assert LabelVoid.objects.count() == 1


def test_void_codes_can_be_withdrawn_with_their_labels(
    actor: Actor, order: CodeOrder, printed: PrintJob
) -> None:
    assert void(actor, order, first=5, count=3, after="withdraw", reason="lost") == 3
    order.refresh_from_db()
    assert sorted(issuing.withdrawn(order)) == [5, 6, 7]
    with pytest.raises(Conflict) as caught:
        reprint_void(actor=actor, number=printed.number, output=Output())
    assert caught.value.code == "nothing_to_reprint"


def test_the_label_of_an_active_code_is_not_withdrawn_and_nothing_changes(
    actor: Actor, active_order: CodeOrder, template: LabelTemplateVersion
) -> None:
    run(begun(actor, active_order, template))
    with pytest.raises(Conflict) as caught:
        void(actor, active_order, serial(active_order, 5), after="withdraw")
    assert caught.value.code == "codes_active"
    assert not LabelVoid.objects.exists()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "codes_required"),
        ({"first": 95, "count": 10}, "print_range"),
        ({"first": 0, "reason": "bored"}, "not_an_option"),
        ({"first": 0, "after": "burn"}, "not_an_option"),
        ({"first": 0, "note": "x" * 201}, "too_long"),
    ],
)
def test_a_void_is_refused_by_name(
    actor: Actor, order: CodeOrder, printed: PrintJob, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        void(actor, order, **more)
    assert caught.value.code == code


def test_nobody_makes_labels_of_another_organisation_void(
    other_actor: Actor, order: CodeOrder, printed: PrintJob
) -> None:
    with pytest.raises(NotFound):
        void(other_actor, order, serial(order, 0))
    with pytest.raises(NotFound):
        reprint_void(actor=other_actor, number=printed.number, output=Output())


# ---------------------------------------------------------------- reprints


def test_a_cancelled_reprint_leaves_its_labels_waiting(
    actor: Actor, order: CodeOrder, printed: PrintJob
) -> None:
    void(actor, order, first=10, count=3)
    job = reprint_void(actor=actor, number=printed.number, output=Output())
    assert not selectors.awaiting(printed)
    with pytest.raises(Conflict):
        reprint_void(actor=actor, number=printed.number, output=Output())
    cancel_job(actor=actor, number=job.number)
    assert sorted(selectors.awaiting(printed).items) == [10, 11, 12]
    withdraw_codes(actor=actor, order_number=order.number, positions=[11], reason="lost")
    printed = selectors.get_job(actor.organisation_id, printed.number)
    assert sorted(selectors.awaiting(printed).items) == [10, 12]
    assert [one.number for one in selectors.reprints(printed)] == [job.number]


def test_listed_codes_are_printed_again_for_a_reason(
    actor: Actor, order: CodeOrder, template: LabelTemplateVersion, printed: PrintJob
) -> None:
    texts = (serial(order, 2), serial(order, 40), serial(order, 80))
    with pytest.raises(Invalid) as caught:
        begun(actor, order, template, wanted=ListedCodes(texts))
    assert caught.value.code == "reason_required"
    job = run(
        reprint_labels(
            actor=actor,
            order_number=order.number,
            texts=texts,
            reason="misprint",
            template=template.number,
            output=Output(),
        )
    )
    assert (job.total, job.state) == (3, JobState.DONE)
    assert [one.state for one in selectors.labels_of(order, 2)] == ["void", "made"]
    # The code that nobody had printed before has its first label.
    assert [one.state for one in selectors.labels_of(order, 80)] == ["made"]


# ---------------------------------------------------------------- cases and pallets


def test_labels_of_cases_are_printed_once_and_again_with_a_reason(
    actor: Actor, active_order: CodeOrder, template: LabelTemplateVersion, line: Location
) -> None:
    packed = pack_order(
        actor=actor,
        order_number=active_order.number,
        per_case=10,
        per_pallet=5,
        location_code=line.code,
        time=MADE,
    )
    cases = PackingLabels(0, "cases")
    job = run(begun(actor, active_order, template, wanted=cases))
    assert (job.total, job.state) == (len(packed.cases), JobState.DONE)
    with pytest.raises(AlreadyPrinted) as caught:
        begun(actor, active_order, template, wanted=cases)
    assert caught.value.data["reference"] == job.number
    pallets = run(begun(actor, active_order, template, wanted=PackingLabels(0, "pallets")))
    assert pallets.total == 2
    spoiled = packed.cases[3].rsplit("/", 1)[-1]
    assert void(actor, active_order, spoiled) == 1
    with pytest.raises(LabelsRefused) as twice:
        void(actor, active_order, spoiled)
    assert reasons(twice) == ["label_not_standing"]
    again = run(reprint_void(actor=actor, number=job.number, output=Output()))
    assert again.total == 1
    with pytest.raises(LabelsRefused) as kept:
        void(actor, active_order, spoiled, after="withdraw")
    assert reasons(kept) == ["unit_not_withdrawable"]


def test_sets_are_printed_once_by_tier_and_their_codes_with_them(
    actor: Actor, order: CodeOrder, template: LabelTemplateVersion
) -> None:
    plan = plan_sets(actor=actor, order_number=order.number, per_case=10, per_pallet=5)
    items = run(begun(actor, order, template, wanted=SetLabels(plan.number, "items")))
    assert items.total == 100
    with pytest.raises(AlreadyPrinted):
        begun(actor, order, template, wanted=SetLabels(plan.number))
    assert run(begun(actor, order, template, wanted=SetLabels(plan.number, "cases"))).total == 10
    assert run(begun(actor, order, template, wanted=SetLabels(plan.number, "pallets"))).total == 2
    with pytest.raises(AlreadyPrinted):
        begun(actor, order, template, wanted=SetLabels(plan.number, "cases"))
    again = run(begun(actor, order, template, wanted=SetLabels(plan.number), again="water"))
    assert again.total == 112
    assert not standing.standing(items)
