import pytest
from django.core.exceptions import ValidationError

from patients.choices import DocumentKind as Kind
from patients.numbers import clean, normalise


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
        (Kind.RF_PASSPORT, "40-15-123456", "4015 123456"),
        (Kind.RF_TRAVEL_PASSPORT, "751234567", "75 1234567"),
        (Kind.RF_TRAVEL_PASSPORT, "75 № 1234567", "75 1234567"),
        (Kind.BIRTH_CERTIFICATE, "IV АИ 123456", "IV-АИ 123456"),
        (Kind.BIRTH_CERTIFICATE, "ivАИ123456", "IV-АИ 123456"),
        (Kind.BIRTH_CERTIFICATE, "LXXXVIII-ЯЁ 000001", "LXXXVIII-ЯЁ 000001"),
        (Kind.MILITARY_ID, "AB123456", "АВ 123456"),
        (Kind.SERVICEMAN_ID, "ab 1234567", "АВ 1234567"),
        (Kind.RESERVE_OFFICER_ID, "АБ123456", "АБ 123456"),
        (Kind.RESIDENCE_PERMIT, "82 № 1234567", "82 1234567"),
        (Kind.FOREIGN_PASSPORT, "1" * 25, "1" * 25),
        (Kind.FOREIGN_PASSPORT, "7", "7"),
        (Kind.FOREIGN_PASSPORT, "ab1234567", "AB1234567"),
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
        (Kind.FOREIGN_PASSPORT, ""),
        (Kind.FOREIGN_PASSPORT, "12_34"),
        (Kind.RF_PASSPORT, "4015 1234567"),
        (Kind.RF_PASSPORT, "4015 12345А"),
        (Kind.RF_TRAVEL_PASSPORT, "75 123456"),
        (Kind.BIRTH_CERTIFICATE, "-АИ 123456"),
        (Kind.BIRTH_CERTIFICATE, "VX-АИ 123456"),
        (Kind.BIRTH_CERTIFICATE, "IV-АИ 12345"),
        (Kind.BIRTH_CERTIFICATE, "IV-QZ 123456"),
        (Kind.MILITARY_ID, "АБ 12345"),
        (Kind.MILITARY_ID, "АБ 12345678"),
        (Kind.SERVICEMAN_ID, "АБ 123456"),
    ],
)
def test_a_wrong_form_is_a_sentence(kind, typed):
    with pytest.raises(ValidationError) as refused:
        clean(kind, typed)
    assert refused.value.code == "document_number"


@pytest.mark.parametrize(
    ("kind", "hint"),
    [
        (Kind.RF_PASSPORT, "Четыре цифры серии и шесть цифр номера: 4015 123456."),
        (Kind.FOREIGN_PASSPORT, "До 25 букв и цифр, хотя бы одна цифра."),
    ],
)
def test_the_sentence_shows_the_right_form(kind, hint):
    with pytest.raises(ValidationError) as refused:
        clean(kind, "?")
    assert refused.value.messages == [hint]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kind.RF_PASSPORT, "4015  12345a", "4015 12345A"),
        (Kind.RF_PASSPORT, "401512345a", "401512345A"),
        (Kind.BIRTH_CERTIFICATE, "  нет   номера ", "НЕТ НОМЕРА"),
        (Kind.MILITARY_ID, "абв 1", "АБВ 1"),
        (Kind.FOREIGN_PASSPORT, "a\u00a0b—1", "A B-1"),
    ],
)
def test_what_cannot_be_understood_comes_back_upper_cased(kind, typed, kept):
    assert normalise(kind, typed) == kept
