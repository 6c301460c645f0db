import pytest
from django.core.exceptions import ValidationError

from patients.choices import DocumentKind as Kind
from patients.numbers import clean


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kind.RF_PASSPORT, "40 15 № 123456", "4015 123456"),
        (Kind.RF_PASSPORT, "4015123456", "4015 123456"),
        (Kind.RF_TRAVEL_PASSPORT, "75 1234567", "75 1234567"),
        (Kind.BIRTH_CERTIFICATE, "iv-аи 123456", "IV-АИ 123456"),
        (Kind.BIRTH_CERTIFICATE, "1У–АИ № 123456", "IV-АИ 123456"),
        (Kind.BIRTH_CERTIFICATE, "ХХI-OB 654321", "XXI-ОВ 654321"),
        (Kind.MILITARY_ID, "аб № 1234567", "АБ 1234567"),
        (Kind.FOREIGN_PASSPORT, "ab 123456/7", "AB 123456/7"),
    ],
)
def test_numbers_are_brought_to_one_form(kind, typed, kept):
    assert clean(kind, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.RF_PASSPORT, "401512345"),
        (Kind.RF_PASSPORT, "٤٠١٥ ١٢٣٤٥٦"),
        (Kind.BIRTH_CERTIFICATE, "IIII-АИ 123456"),
        (Kind.MILITARY_ID, "АБВ 1234567"),
        (Kind.FOREIGN_PASSPORT, "без номера"),
        (Kind.FOREIGN_PASSPORT, "1" * 26),
    ],
)
def test_a_wrong_form_is_a_sentence(kind, typed):
    with pytest.raises(ValidationError):
        clean(kind, typed)
