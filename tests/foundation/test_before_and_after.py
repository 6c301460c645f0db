from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from foundation.audit.before_and_after import before_and_after, masked
from patients.models import Patient


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("паспорт 4015 123456", "паспорт ••••3456"),
        ("40 15 № 123456 забыт", "••••3456 забыт"),
        ("СНИЛС 112-233-445 95", "СНИЛС ••••4595"),
        ("1234567", "••••4567"),
        ("кабинет 12345", "кабинет 12345"),
        ("01.02.1990", "01.02.1990"),
        ("olga198512@example.org", "olga198512@example.org"),
        ("+79210001122", "+79210001122"),
        ("", ""),
    ],
)
def test_a_number_that_may_be_of_a_document_keeps_its_last_four_signs(text, kept):
    assert masked(text) == kept


def test_what_stood_there_and_what_is_written_are_texts():
    edited = {"phone": (None, "89210001122"), "weekdays": ([2, 1], []), "note": ("4015 123456", "")}
    assert before_and_after(edited) == {
        "phone": ["", "89210001122"],
        "weekdays": ["1, 2", ""],
        "note": ["••••3456", ""],
    }


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (date(1990, 5, 17), "1990-05-17"),
        (datetime(2026, 3, 1, 9, tzinfo=UTC), "2026-03-01 09:00:00+00:00"),
        (UUID("01a22211-98bd-7691-9519-aa539d7a2683"), "01a22211-98bd-7691-9519-aa539d7a2683"),
        (Patient(pk=UUID("01a22211-98bd-7691-9519-aa539d7a2683")), "01a22211-98bd-7691-9519-aa539d7a2683"),
        (Decimal("1250000.00"), "1250000"),
        (20260517, "20260517"),
    ],
)
def test_what_nobody_types_as_a_number_is_kept_whole(value, kept):
    assert before_and_after({"column": (value, None)}) == {"column": [kept, ""]}


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("78-2026-4-567", "••••-567"),
        ("77-20264", "••••0264"),
        ("7-12345", "••••345"),
        ("7-12", "••••12"),
        ("712", "••••2"),
        ("7", "••••"),
        ("", ""),
    ],
)
def test_of_a_short_register_number_no_more_than_half_is_kept(number, kept):
    assert before_and_after({"register_number": (number, "")}) == {"register_number": [kept, ""]}
