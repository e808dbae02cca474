"""Facts about series of numbers: consecutive, each once, none lost."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from suyuan.kernel import clock
from suyuan.tenancy.errors import SeriesExhausted
from suyuan.tenancy.models import NumberSeries, Organisation
from suyuan.tenancy.numbers import take_numbers, yearly_number


@pytest.mark.django_db
def test_series_begins_at_zero_and_goes_on(organisation: Organisation) -> None:
    taken = [
        take_numbers(organisation_id=organisation.pk, series="a", count=count)
        for count in (1, 5, 1)
    ]
    assert taken == [0, 1, 6]
    assert str(NumberSeries.objects.get()) == "a"


@pytest.mark.django_db
def test_series_and_organisations_count_apart(
    organisation: Organisation, other_organisation: Organisation
) -> None:
    take_numbers(organisation_id=organisation.pk, series="a", count=7)
    assert take_numbers(organisation_id=organisation.pk, series="b") == 0
    assert take_numbers(organisation_id=other_organisation.pk, series="a") == 0


@pytest.mark.django_db
def test_series_ends_below_its_limit_and_a_refusal_takes_none(organisation: Organisation) -> None:
    def take(count: int) -> int:
        return take_numbers(organisation_id=organisation.pk, series="a", count=count, limit=10)

    assert take(8) == 0
    with pytest.raises(SeriesExhausted):
        take(3)
    assert take(2) == 8
    with pytest.raises(SeriesExhausted):
        take(1)


@pytest.mark.django_db
def test_number_that_was_rolled_back_is_given_again(organisation: Organisation) -> None:
    with transaction.atomic():
        take_numbers(organisation_id=organisation.pk, series="a")
        transaction.set_rollback(True)
    assert take_numbers(organisation_id=organisation.pk, series="a") == 0


@pytest.mark.django_db
def test_yearly_number_begins_at_one_each_year_of_the_display(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(at: dt.datetime) -> str:
        monkeypatch.setattr(clock, "now", lambda: at)
        return yearly_number(organisation_id=organisation.pk, prefix="CO", series="order")

    # In Shanghai the year begins eight hours before it does in UTC.
    last = dt.datetime(2026, 12, 31, 15, 59, tzinfo=dt.UTC)
    assert [taken(last), taken(last)] == ["CO-2026-0001", "CO-2026-0002"]
    assert taken(last + dt.timedelta(minutes=1)) == "CO-2027-0001"
    names = NumberSeries.objects.order_by("name").values_list("name", flat=True)
    assert list(names) == ["order:2026", "order:2027"]


@pytest.mark.django_db
def test_yearly_number_without_a_series_counts_under_its_own_beginning(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    assert yearly_number(organisation_id=organisation.pk, prefix="RC") == "RC-2026-0001"
    assert NumberSeries.objects.get().name == "RC-2026"


@pytest.mark.django_db(transaction=True)
def test_numbers_taken_at_once_never_overlap(organisation: Organisation) -> None:
    def take(_: int) -> int:
        try:
            return take_numbers(organisation_id=organisation.pk, series="a", count=3)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = sorted(pool.map(take, range(12)))
    assert taken == list(range(0, 36, 3))
