import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from patients.choices import DocumentKind as Kind
from patients.fields import blind_index
from patients.numbers import as_typed, clean, key, normalise


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
        (Kind.BIRTH_CERTIFICATE, "П-АК 123456", "II-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "п-ак 123456", "II-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "Ш-АК 123456", "III-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "VШ-АК 123456", "VIII-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "ХП-ОВ 123456", "XII-ОВ 123456"),
        (Kind.BIRTH_CERTIFICATE, "Ⅱ-АК 123456", "II-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "ⅳ-аи 123456", "IV-АИ 123456"),
        (Kind.BIRTH_CERTIFICATE, "lll-АК 123456", "III-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "|||-АК 123456", "III-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "LLL-АК 123456", "III-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "lV-АИ 123456", "IV-АИ 123456"),
        (Kind.BIRTH_CERTIFICATE, "LV-АИ 123456", "LV-АИ 123456"),
        (Kind.BIRTH_CERTIFICATE, "lxxx-ак 123456", "LXXX-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "11-АК 123456", "II-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "4-АК 123456", "IV-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "І-ЮБ 556677", "I-ЮБ 556677"),
        (Kind.BIRTH_CERTIFICATE, "II–АК–123456", "II-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "II - АК 123456", "II-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "II-АК 123 456", "II-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "II.АК.123.456", "II-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "II/АК/123456", "II-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "II-АК No 123456", "II-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "II-АК N123456", "II-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "серия II-АК номер 123456", "II-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "Серия: П-АК, № 123456", "II-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "свидетельство о рождении II-АК 123456", "II-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "II-АК 12345О", "II-АК 123450"),
        (Kind.BIRTH_CERTIFICATE, "II-АК O23456", "II-АК 023456"),
        (Kind.BIRTH_CERTIFICATE, "II-ОО 123456", "II-ОО 123456"),
        (Kind.BIRTH_CERTIFICATE, "Ｉ-АК １２３４５６", "I-АК 123456"),
        (Kind.BIRTH_CERTIFICATE, "II\u2011АК\u00a0123456\u200b", "II-АК 123456"),
        (Kind.RF_PASSPORT, "4015/123456", "4015 123456"),
        (Kind.RF_PASSPORT, "4015N123456", "4015 123456"),
        (Kind.RF_PASSPORT, "4015 No 123456", "4015 123456"),
        (Kind.RF_PASSPORT, "4015 N° 123456", "4015 123456"),
        (Kind.RF_PASSPORT, "4015 no. 123456", "4015 123456"),
        (Kind.RF_PASSPORT, "40.15.123456", "4015 123456"),
        (Kind.RF_PASSPORT, "40 15 123 456", "4015 123456"),
        (Kind.RF_PASSPORT, "4015_123456", "4015 123456"),
        (Kind.RF_PASSPORT, "4015—123456", "4015 123456"),
        (Kind.RF_PASSPORT, "4О15 12345О", "4015 123450"),
        (Kind.RF_PASSPORT, "4O15 l23456", "4015 123456"),
        (Kind.RF_PASSPORT, "４０１５ １２３４５６", "4015 123456"),
        (Kind.RF_PASSPORT, "серия 4015 номер 123456", "4015 123456"),
        (Kind.RF_PASSPORT, "Серия 40 15 № 123456", "4015 123456"),
        (Kind.RF_PASSPORT, "сер. 4015 ном. 123456", "4015 123456"),
        (Kind.RF_PASSPORT, "паспорт 4015 123456", "4015 123456"),
        (Kind.RF_TRAVEL_PASSPORT, "75/1234567", "75 1234567"),
        (Kind.RF_TRAVEL_PASSPORT, "75N1234567", "75 1234567"),
        (Kind.MILITARY_ID, "АБ-1234567", "АБ 1234567"),
        (Kind.MILITARY_ID, "АБ 123 4567", "АБ 1234567"),
        (Kind.MILITARY_ID, "АБ 12345О7", "АБ 1234507"),
        (Kind.FOREIGN_PASSPORT, "E12345678 (CHN)", "E12345678"),
        (Kind.FOREIGN_PASSPORT, "AB.123456", "AB 123456"),
        (Kind.FOREIGN_PASSPORT, "паспорт АВ 123456", "АВ 123456"),
        (Kind.FOREIGN_PASSPORT, "N1234567", "N1234567"),
        (Kind.FOREIGN_PASSPORT, "NO1234567", "NO1234567"),
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


@pytest.mark.parametrize(
    "spellings",
    [
        ("А1234567", "A1234567", "a1234567", "A 1234567", "A.1234567", "A-1234567"),
        ("AB 123456", "АВ 123456", "AB123456", "АB/123456"),
        ("4015 123456", "4015123456"),
    ],
)
def test_d29_all_spellings_of_a_number_have_one_index(spellings):
    assert {blind_index(clean(Kind.FOREIGN_PASSPORT, number)) for number in spellings} == {blind_index(spellings[0])}


def test_numbers_that_differ_have_other_keys():
    numbers = ["4015 123456", "4015 123457", "II-АК 123456", "III-АК 123456", "АБ 123456", "E12345678"]
    assert len({key(number) for number in numbers}) == len(numbers)


def test_what_cannot_be_read_is_kept_as_it_was_typed_with_the_usual_form():
    usual = "Четыре цифры серии и шесть цифр номера: 4015 123456."
    kept, said = as_typed(Kind.RF_PASSPORT, " 4015\u00a012345a\u200b ")
    assert (kept, said) == ("4015 12345a", usual)
    assert as_typed(Kind.RF_PASSPORT, "4015123456") == ("4015 123456", "")


@given(st.sampled_from(Kind), st.text(max_size=60))
def test_what_was_read_once_is_read_the_same_again(kind, text):
    kept, _usual = as_typed(kind, text)
    assert as_typed(kind, kept)[0] == kept
