"""A password that is made of what everybody knows of the clinic is refused (ASVS 6.1.2, 6.2.11)."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.accounts.choices import Role
from foundation.accounts.clinic_words import ClinicWordsValidator, clinic_words
from tests import factories as make


@pytest.fixture(autouse=True)
def luna(settings):
    settings.CLINIC = settings.CLINIC | {
        "name": "Белый Аист",
        "legal_name": "ООО «Крыло»",
        "address": "Великий Новгород, Звёздная ул., д. 3",
        "site": "https://www.aist-clinic.example",
        "phone_e164": "+78162550102",
    }


@pytest.mark.parametrize(
    "password",
    [
        "белый аист",
        "Белый-Аист-2026",
        "belyyaist2026",  # in Latin letters
        ",tksqfbcn2026",  # typed in the other layout
        "крылокрылокрыло",
        "Новгород2026!",
        "novgorod-2026",
        "звездная-3-77",
        "aist-clinic-1",
        "2550102-2550102",
        "Mediluna2026!",
        "Регистратура1",
    ],
)
def test_a_password_of_the_clinics_words_is_refused(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert [each.code for each in refused.value.error_list] == ["password_of_clinic_words"]


@pytest.mark.parametrize("password", ["sobstvennyi-parol-9", "белый аист и 3 синих кита", "novgorod-zimoj-v-8"])
def test_one_with_enough_besides_them_is_taken(password):
    validate_password(password)


def test_control_another_clinic_has_other_words(settings):
    settings.CLINIC = settings.CLINIC | {"name": "Синица", "site": "", "address": "", "phone_e164": ""}
    ClinicWordsValidator().validate("белый аист")
    with pytest.raises(ValidationError):
        ClinicWordsValidator().validate("синица-2026")


def test_short_words_of_an_address_are_no_words():
    assert not {"ооо", "ул", "д", "3"} & clinic_words()


@pytest.mark.django_db
def test_the_page_of_a_new_password_says_so(client):
    person = make.user(Role.REGISTRAR)
    client.force_login(person, backend="foundation.accounts.backend.StaffBackend")
    sent = {"oldpassword": "parol-12345", "password1": "Белый-Аист-2026", "password2": "Белый-Аист-2026"}
    page = client.post(reverse("account_change_password"), sent, follow=True).content.decode()
    assert "Название, город и телефон клиники легко угадать: кроме них в пароле должно быть не меньше 8 знаков." in page
    person.refresh_from_db()
    assert person.check_password("parol-12345")
