"""Any spelling of a phone number is one number, whichever function reads it."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from foundation.text.phones import PhoneField, e164, part_of, shown
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
    assert e164(written, in_plan=True) == e164(number, in_plan=True)


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
        ("8 921 000-11-22 доб. 5", "+79210001122"),
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


def test_a_number_of_the_right_length_may_be_in_no_plan():
    assert (e164("+7 000 000-00-00"), e164("+7 000 000-00-00", in_plan=True)) == ("+70000000000", "")


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
    with pytest.raises(ValidationError, match=r"8 921 000-11-22"):
        PhoneField().clean("317-78-21")


@pytest.mark.parametrize(
    ("written", "digits"),
    [("89210001122", "9210001122"), ("99210001122", "99210001122"), ("8921000112", "8921000112"), ("８９２１", "")],
)
def test_only_the_code_of_the_country_is_left_out_and_only_of_a_whole_number(written, digits):
    assert part_of(written) == digits


def test_a_field_may_ask_for_a_number_of_the_plan():
    unknown = "+7 000 000-00-00"
    assert PhoneField().clean(unknown) == "+70000000000"
    with pytest.raises(ValidationError) as refused:
        PhoneField(in_plan=True).clean(unknown)
    assert refused.value.code == "invalid"


def test_a_field_opens_the_keys_of_a_phone_and_has_room_for_any_spelling():
    field = PhoneField(label="Телефон")
    assert (field.widget.attrs["inputmode"], field.max_length, field.label) == ("tel", 40, "Телефон")
    with pytest.raises(ValidationError) as refused:
        field.clean("")
    assert refused.value.code == "required"
