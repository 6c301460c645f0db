"""Any spelling of a phone number is one number, whichever function reads it."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from foundation.text.phones import PhoneField, PhonePartField, e164, part_of, shown
from tests.examples import is_noticed

SEPARATORS = st.sampled_from(["", "", "", " ", "-", "\u00a0", "\u2011", ".", "  "])
FOREIGN = ["+375291234567", "+996555123456", "+4930123456", "+12125550100", "+77012345678", "+998901234567"]
MOBILES = st.from_regex(r"9[0-9]{9}", fullmatch=True)


@st.composite
def spelled(draw, numbers=MOBILES) -> tuple[str, str]:
    """Draws a Russian mobile number in E.164, and as a person may write it."""
    number = draw(numbers)
    code = draw(st.sampled_from(["+7", "8", "7", "", "+8", "tel:+7", " +7", "\u202a+7"]))
    area = draw(st.sampled_from(["{}", "({})", " ({}) ", "-{}-"])).format(number[:3])
    written = code + draw(SEPARATORS) * bool(code) + area
    return f"+7{number}", written + "".join(draw(SEPARATORS) + digit for digit in number[3:])


@given(spelled())
@example(("+79210001122", "8 (921) 000-11-22"))
@example(("+79210001122", "+89210001122"))
def test_every_spelling_of_a_mobile_number_is_one(case):
    number, written = case
    assert e164(written) == number


def test_digits_alone_are_not_enough():
    assert is_noticed(spelled(), lambda case: "+" + "".join(filter(str.isdigit, case[1])) != case[0])


@given(st.sampled_from(FOREIGN), st.data())
def test_a_number_with_a_plus_keeps_its_country(number, data):
    written = number[:2] + "".join(data.draw(SEPARATORS) + digit for digit in number[2:])
    assert e164(written) == number


@given(spelled())
def test_what_is_shown_is_read_as_the_same_number(case):
    assert e164(shown(case[0])) == case[0]


@given(st.text(max_size=40))
def test_anything_else_is_a_number_or_nothing(text):
    number = e164(text)
    assert number == "" or e164(number) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("8 812 317-78-21", "+78123177821"),
        ("8-800-555-35-35", "+78005553535"),
        ("8 10 375 29 123-45-67", "+375291234567"),
        ("8 921 000-11-22 доб. 5", ""),
        ("８９２１０００１１２２", "+79210001122"),
        ("", ""),
        ("12", ""),
        ("112", ""),
        ("317-78-21", ""),
        ("8 921 000-11-2233", ""),
        ("+7 921 000-11-2", ""),
        ("+", ""),
        ("Орлова", ""),
    ],
)
def test_a_number_has_to_be_whole(written, number):
    assert e164(written) == number


@pytest.mark.parametrize(
    ("written", "digits"),
    [("8 921 000-11-22", "9210001122"), ("+7 921 000-11-22", "9210001122"), ("921 000", "921000"), ("тел.", "")],
)
def test_a_part_of_a_number_is_looked_for_as_numbers_are_stored(written, digits):
    assert part_of(written) == digits


def test_a_number_is_shown_in_groups():
    assert (shown("+79210001122"), shown("")) == ("+7 921 000-11-22", "")


def test_the_field_gives_the_number_or_a_sentence():
    assert PhoneField().clean(" 8 (921) 000-11-22 ") == "+79210001122"
    assert PhoneField(required=False).clean("") == ""
    with pytest.raises(ValidationError, match=r"8 812 317-78-21"):
        PhoneField().clean("317-78-21")


@pytest.mark.parametrize(
    ("written", "digits"),
    [("89210001122", "9210001122"), ("99210001122", "99210001122"), ("8921000112", "8921000112"), ("８９２１", "")],
)
def test_only_the_code_of_the_country_is_left_out_and_only_of_a_whole_number(written, digits):
    assert part_of(written) == digits


def test_a_field_that_gets_a_code_takes_russian_mobile_numbers_alone():
    assert PhoneField(gets_code=True).clean("8 921 000-11-22") == "+79210001122"
    for other in ("8 812 317-78-21", "317-78-21", "+375 29 123-45-67"):
        with pytest.raises(ValidationError) as refused:
            PhoneField(gets_code=True).clean(other)
        assert (refused.value.code, refused.value.params) == ("not_mobile", None)


def test_a_field_opens_the_keys_of_a_phone_and_cuts_nothing():
    field = PhoneField(label="Телефон")
    assert (field.widget.attrs, field.max_length, field.label) == ({"inputmode": "tel"}, None, "Телефон")
    with pytest.raises(ValidationError) as refused:
        field.clean("")
    assert refused.value.code == "required"


def test_a_part_of_a_number_is_read_by_its_field():
    assert PhonePartField().clean(" ８９２１\u00a0000-11-22") == "9210001122"
    assert PhonePartField(required=False).clean("тел.") == ""


A_MOBILE = [
    "+79210001122", "89210001122", "79210001122", "9210001122", "8 921 000 11 22", "8-921-000-11-22", "8.921.000.11.22",
    "8 (921) 000-11-22", "+7(921)0001122", "+7 921 000–11–22", "8\u00a0921\u00a0000\u00a011\u00a022", "8/921/000/11/22",
    "[8] 921 000-11-22", "８９２１０００１１２２", "+８ ９２１ ０００ １１ ２２", "٨٩٢١٠٠٠١١٢٢",
    "+89210001122", "+8 (921) 000-11-22",
    "+7 8 921 000-11-22", "+7 (8921) 000-11-22", "0079210001122", "8 10 7 921 000-11-22", "тел. 8 921 000-11-22",
    "тел.: +7 921 000-11-22", "Телефон 8 921 000 11 22", "моб. тел. 8 921 000 11 22", "т.89210001122",
    "tel:+79210001122",
    "№ 8 921 000 11 22", "\u202a+7 921 000-11-22\u202c", "8\u00ad921\u00ad000\u00ad11\u00ad22",
    "8 921 000‑11‑22", "8_921_000_11_22",
    "8 921 000 11 22.", "8 921\t000 11 22", "+7~921~000~11~22", "8—921—0001122",
]  # fmt: skip
OTHERS = {
    "8 812 317-78-21": "+78123177821",
    "812 317 78 21": "+78123177821",
    "+8 812 317-78-21": "+78123177821",
    "8 800 555-35-35": "+78005553535",
    "+7 701 234-56-78": "+77012345678",
    "8 701 234 56 78": "+77012345678",
    "+375 29 123-45-67": "+375291234567",
    "8 10 375 29 123-45-67": "+375291234567",
    "00 375 29 1234567": "+375291234567",
    "+86 138 0013 8000": "+8613800138000",
    "+81 3 1234 5678": "+81312345678",
    "+49 30 123456": "+4930123456",
}
WRONG = {
    "8 921 000-11-2": "Не хватает цифр: после 8 или +7 их десять, а здесь 9.",
    "+7 921 000-11-2": "Не хватает цифр: после 8 или +7 их десять, а здесь 9.",
    "921 000 11 2": "Не хватает цифр: после 8 или +7 их десять, а здесь 9.",
    "8 921 000": "Не хватает цифр: после 8 или +7 их десять, а здесь 6.",
    "31-77-82": "Не хватает цифр: после 8 или +7 их десять, а здесь 6.",
    "8 921 000-11-223": "Лишние цифры: после 8 или +7 их десять, а здесь 11.",
    "317-78-21": "Похоже на городской номер. Напишите его целиком: 8 812 317-78-21.",
    "тел. 3177821": "Похоже на городской номер. Напишите его целиком: 8 812 317-78-21.",
    "+7 000 000 00 00": "Кода 000 нет ни у города, ни у оператора. Проверьте номер.",
    "8 123 456-78-90": "Кода 123 нет ни у города, ни у оператора. Проверьте номер.",
    "8 921 000 11 22 мама": "Напишите здесь только номер, без «мама».",
    "мама 8 921 000 11 22": "Напишите здесь только номер, без «мама».",
    "8 921 000 11 22 (мама)": "Напишите здесь только номер, без «мама».",
    "8 812 317-78-21 доб. 12": "Напишите здесь только номер, без «доб. 12».",
    "8 812 317-78-21 #12": "Напишите здесь только номер, без «#12».",
    "8 812 317-78-21, вн. 4": "Напишите здесь только номер, без «вн. 4».",
    "8 921 OOO 11 22": "Напишите здесь только номер, без «OOO».",
    "☎ 8 921 000 11 22": "Напишите здесь только номер, без «☎».",
    "8 921 000 11 22, 8 921 000 11 33": "Здесь место для одного номера.",
    "8 921 000 11 22 / 317-78-21": "Здесь место для одного номера.",
    "8 921 000 11 22 8 921 000 11 33": "Здесь место для одного номера.",
    "нет": "Это не номер телефона. Напишите его с кодом: 8 921 000-11-22.",
    "103": "Это не номер телефона. Напишите его с кодом: 8 921 000-11-22.",
    "+": "Это не номер телефона. Напишите его с кодом: 8 921 000-11-22.",
    "+1": "Это не номер телефона. Напишите его с кодом: 8 921 000-11-22.",
    "+999 12 34 56 78": "Это не номер телефона. Напишите его с кодом: 8 921 000-11-22.",
}


@pytest.mark.parametrize("written", A_MOBILE)
def test_a_mobile_number_is_one_number(written):
    assert PhoneField().clean(written) == PhoneField(gets_code=True).clean(written) == "+79210001122"


@pytest.mark.parametrize("written", OTHERS)
def test_other_numbers_keep_their_code(written):
    assert PhoneField().clean(written) == OTHERS[written]


@pytest.mark.parametrize("written", WRONG)
def test_what_is_no_number_is_a_sentence_that_says_what_to_do(written):
    with pytest.raises(ValidationError) as refused:
        PhoneField().clean(written)
    assert refused.value.messages == [WRONG[written]]


def test_the_code_of_the_city_is_a_setting(settings):
    settings.CLINIC = settings.CLINIC | {"area_code": "495"}
    with pytest.raises(ValidationError) as refused:
        PhoneField().clean("317-78-21")
    assert refused.value.params["meant"] == ["8 495 317-78-21"]
    assert PhoneField().clean(refused.value.params["meant"][0]) == "+74953177821"
