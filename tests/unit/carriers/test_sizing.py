"""Sizes: whole dots for each module, and what readers make of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.carriers import sizing
from suyuan.core.carriers.sizing import DoesNotFit, Grade, Size, at_least, fit, hint

RESOLUTIONS = st.sampled_from(sizing.RESOLUTIONS)


def test_a_printer_of_203_dpi_has_eight_dots_to_the_millimetre() -> None:
    assert fit(40, 20, 203) == Size(40, 4, 203)
    assert fit(40, 20, 203).printed_mm == 20


def test_a_module_is_a_whole_number_of_dots_and_the_rest_is_left_white() -> None:
    size = fit(49, 20, 203)  # 160 dots for 49 modules
    assert (size.module_dots, size.module_mm, size.printed_mm) == (3, 0.375, 18.375)


@given(st.integers(10, 185), st.floats(1, 300), RESOLUTIONS)
def test_what_fits_is_as_large_as_can_be(modules: int, room: float, dpi: int) -> None:
    dot = 1 / sizing.dots_per_mm(dpi)
    try:
        size = fit(modules, room, dpi)
    except DoesNotFit as refusal:
        assert room < modules * dot
        smallest = float(str(refusal.data["smallest_mm"]))
        assert fit(modules, smallest, dpi).module_dots == 1
    else:
        assert size.printed_mm <= room + 1e-6
        assert size.printed_mm + modules * dot > room


@given(st.integers(10, 185), st.floats(0.01, 2), RESOLUTIONS)
def test_at_least_is_the_smallest_that_is_enough(modules: int, module: float, dpi: int) -> None:
    size = at_least(modules, module, dpi)
    assert size.module_mm >= module - 1e-6
    assert size.module_dots == 1 or size.module_mm - 1 / sizing.dots_per_mm(dpi) < module


@pytest.mark.parametrize(
    ("dots", "dpi", "grade"),
    [
        (1, 203, Grade.POOR),  # 0.125 mm
        (2, 203, Grade.FAIR),  # 0.25 mm
        (3, 203, Grade.GOOD),  # 0.375 mm
        (2, 300, Grade.POOR),  # 0.169 mm
        (3, 300, Grade.FAIR),  # 0.254 mm
        (4, 300, Grade.GOOD),  # 0.339 mm
        (6, 600, Grade.FAIR),
        (8, 600, Grade.GOOD),
    ],
)
def test_a_phone_wants_three_tenths_of_a_millimetre(dots: int, dpi: int, grade: Grade) -> None:
    assert hint(Size(37, dots, dpi), "qr").grade is grade


def test_an_imager_reads_smaller_modules_than_a_phone() -> None:
    size = Size(22, 3, 300)  # 0.254 mm
    assert hint(size, "gs1_datamatrix").grade is Grade.GOOD
    assert hint(size, "datamatrix").grade is Grade.GOOD
    assert hint(size, "datamatrix", reader="phone").grade is Grade.FAIR


@pytest.mark.parametrize(
    ("dots", "grade"), [(2, Grade.POOR), (3, Grade.FAIR), (5, Grade.FAIR), (6, Grade.GOOD)]
)
def test_case_labels_want_what_gs1_asks_of_bars(dots: int, grade: Grade) -> None:
    assert hint(Size(176, dots, 300), "gs1_128").grade is grade


@given(st.integers(10, 185), st.integers(1, 20), RESOLUTIONS)
def test_the_size_that_is_advised_is_good(modules: int, dots: int, dpi: int) -> None:
    advice = hint(Size(modules, dots, dpi), "qr")
    assert hint(fit(modules, advice.advised_mm, dpi), "qr").grade is Grade.GOOD
    if advice.grade is not Grade.GOOD:
        assert advice.advised_mm > Size(modules, dots, dpi).printed_mm
