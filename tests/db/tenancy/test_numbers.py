"""Facts about series of numbers: consecutive, each once, none lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from suyuan.tenancy.errors import SeriesExhausted
from suyuan.tenancy.models import NumberSeries, Organisation
from suyuan.tenancy.numbers import take_numbers


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
