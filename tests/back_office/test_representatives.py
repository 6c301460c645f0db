"""The desk puts right who acts for a patient, with history; the visits ahead are judged anew (K18)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from patients.choices import Relation
from patients.data import PowerData
from patients.models import PowerOfAttorney, Representation
from tests import factories as make
from tests.opened import as_sent
from worklist.choices import TaskKind
from worklist.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in):
    return sign_in(Role.REGISTRAR)


def power(**columns):
    today = timezone.localdate()
    case = {"principal_name": "Орлова Мария", "signed_on": today, "valid_until": today + timedelta(days=60)}
    return PowerData(**case | {"register_number": "77-2026-1-4242"} | columns)


@pytest.fixture
def mother():
    return make.parent_of(make.child())


@pytest.fixture
def nanny():
    return make.parent_of(make.child(), Relation.ATTORNEY, power(), last_name="Няне", phone="+79215550101")


def page(who):
    return reverse("office:representative_edit", args=[who.patient_id, who.pk])


def opened(desk, who):
    """Both forms of the page, as a browser sends them when nobody has touched them."""
    shown = desk.get(page(who)).context
    return as_sent(shown["form"]) | as_sent(shown["power"])


def read(who):
    return Representation.objects.select_related("power_of_attorney").get(pk=who.pk)


def changed():
    return [event.details["changed"] for event in AuditEvent.objects.filter(action="representation.corrected")]


def test_a_misspelt_name_and_a_wrong_relation_are_put_right_and_the_history_knows_both(desk, mother):
    answer = desk.post(page(mother), opened(desk, mother) | {"last_name": "Орлова-Цой", "relation": "guardian"})
    assert answer.url == reverse("office:patient", args=[mother.patient_id])
    after = read(mother)
    assert (after.last_name, after.relation, after.search_name) == (
        "Орлова-Цой",
        "guardian",
        "орлова-цой мария ивановна",
    )
    assert changed() == [{"relation": ["parent", "guardian"], "last_name": ["Орлова", "Орлова-Цой"]}]


def test_the_card_leads_to_it(desk, mother):
    card = desk.get(reverse("office:patient", args=[mother.patient_id])).content.decode()
    assert page(mother) in card


def test_nothing_changed_is_nothing_written(desk, nanny):
    for _press in range(2):
        assert desk.post(page(nanny), opened(desk, nanny)).status_code == 302
    assert (changed(), PowerOfAttorney.objects.count()) == ([], 1)


def test_a_corrected_phone_is_the_one_that_is_called(desk):
    child = make.child(phone="")
    visit = make.appointment(of=child)
    task = make.task(of=child, kind=TaskKind.UNTOLD, subject=visit.pk)
    desk.post(page(visit.representation), opened(desk, visit.representation) | {"phone": "8 921 555-07-07"})
    assert Task.objects.get(pk=task.pk).phone.as_e164 == "+79215550707"


def test_the_power_of_attorney_is_put_right_where_it_stands_with_masked_numbers(desk, nanny):
    typed = opened(desk, nanny) | {"power-register_number": "77-2026-1-4343", "power-notary": "Лунин, Москва"}
    assert desk.post(page(nanny), typed).status_code == 302
    kept = read(nanny).power_of_attorney
    assert (kept.pk, kept.register_number, kept.notary) == (
        nanny.power_of_attorney_id,
        "77-2026-1-4343",
        "Лунин, Москва",
    )
    assert changed() == [{"register_number": ["••••4242", "••••4343"], "notary": ["", "Лунин, Москва"]}]


def test_a_visit_after_the_corrected_term_is_a_task_to_phone(desk, nanny):
    slot = make.slots_of(make.shift(make.doctor(), days=20))[0]
    visit = make.appointment(slot, of=nanny.patient, representative=nanny)
    last_day = timezone.localdate() + timedelta(days=19)
    answer = desk.post(page(nanny), opened(desk, nanny) | {"power-valid_until": f"{last_day:%d.%m.%Y}"}, follow=True)
    assert Task.objects.get(kind=TaskKind.REBOOK, state="open").subject == visit.pk
    assert reverse("office:appointment", args=[visit.pk]) in answer.content.decode()
    longer = timezone.localdate() + timedelta(days=30)
    desk.post(page(nanny), opened(desk, nanny) | {"power-valid_until": f"{longer:%d.%m.%Y}"})
    assert not Task.objects.filter(kind=TaskKind.REBOOK, state="open").exists()


def test_a_term_that_was_over_before_may_be_put_right(desk, nanny):
    signed, over = timezone.localdate() - timedelta(days=40), timezone.localdate() - timedelta(days=10)
    typed = {"power-signed_on": f"{signed:%d.%m.%Y}", "power-valid_until": f"{over:%d.%m.%Y}"}
    assert desk.post(page(nanny), opened(desk, nanny) | typed).status_code == 302
    assert read(nanny).power_of_attorney.valid_until == over


def test_a_legal_representative_needs_no_power_of_attorney(desk, nanny):
    assert desk.post(page(nanny), opened(desk, nanny) | {"relation": "parent"}).status_code == 302
    assert (read(nanny).power_of_attorney, PowerOfAttorney.objects.count()) == (None, 1)


def test_somebody_who_is_no_legal_representative_after_all_shows_a_power_of_attorney(desk, mother):
    typed = opened(desk, mother) | {"relation": "attorney"}
    refused = desk.post(page(mother), typed)
    assert (refused.status_code, list(refused.context["power"].errors)) == (422, ["principal_name", "signed_on"])
    signed = timezone.localdate()
    shown = {"power-principal_name": "Орлов Пётр", "power-signed_on": f"{signed:%d.%m.%Y}", "power-seen_as": "original"}
    assert desk.post(page(mother), typed | shown).status_code == 302
    after = read(mother)
    assert (after.relation, after.power_of_attorney.signed_on) == ("attorney", signed)


@pytest.fixture
def by_phone():
    """An attorney who is known by word of mouth."""
    return make.parent_of(make.child(), Relation.ATTORNEY, last_name="Няне", phone="+79215550101")


def test_an_attorney_by_word_of_mouth_is_put_right_without_a_power_that_nobody_has_shown(desk, by_phone):
    typed = opened(desk, by_phone) | {"last_name": "Нянева", "phone": "8 921 555-07-07"}
    assert desk.post(page(by_phone), typed).status_code == 302
    after = read(by_phone)
    assert (after.last_name, after.phone.as_e164, after.relation) == ("Нянева", "+79215550707", "attorney")
    assert (after.power_of_attorney, PowerOfAttorney.objects.count()) == (None, 0)


def test_an_error_beside_the_name_asks_for_no_power_that_nobody_has_shown(desk, by_phone):
    refused = desk.post(page(by_phone), opened(desk, by_phone) | {"last_name": ""})
    forms = refused.context
    assert (refused.status_code, list(forms["form"].errors), forms["power"].errors) == (422, ["last_name"], {})


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ({"power-notary": "Лунин, Москва"}, ["principal_name", "signed_on"]),
        ({"power-checked_in_register": "on"}, ["principal_name", "signed_on"]),
        ({"power-principal_name": "Орлов Пётр"}, ["signed_on"]),
    ],
)
def test_a_power_of_which_something_is_typed_is_asked_whole(desk, by_phone, typed, refused):
    answer = desk.post(page(by_phone), opened(desk, by_phone) | typed)
    assert (answer.status_code, list(answer.context["power"].errors)) == (422, refused)


def test_a_power_of_attorney_that_was_shown_is_not_emptied(desk, nanny):
    emptied = {"power-principal_name": "", "power-signed_on": "", "power-valid_until": "", "power-register_number": ""}
    answer = desk.post(page(nanny), opened(desk, nanny) | emptied)
    assert (answer.status_code, list(answer.context["power"].errors)) == (422, ["principal_name", "signed_on"])


def test_two_who_correct_the_term_see_both_values(desk, nanny):
    typed = opened(desk, nanny)
    days = [timezone.localdate() + timedelta(days=days) for days in (70, 80)]
    first, second = (typed | {"power-valid_until": f"{day:%d.%m.%Y}"} for day in days)
    assert desk.post(page(nanny), first).status_code == 302
    answer = desk.post(page(nanny), second | {"last_name": "Нянева"})
    (conflict,) = answer.context["power"].conflicts
    assert (answer.status_code, conflict.recorded) == (409, f"{days[0]:%d.%m.%Y}")
    assert answer.content.decode().count('name="choose"') == 2
    chosen = second | {"last_name": "Нянева", "choose": f"keep valid_until {conflict.seen}"}
    assert desk.post(page(nanny), chosen).status_code == 302
    assert (read(nanny).power_of_attorney.valid_until, read(nanny).last_name) == (days[1], "Нянева")


def test_a_power_of_attorney_of_somebody_who_is_no_attorney_any_more_is_not_lost_unseen(desk, nanny):
    typed = opened(desk, nanny)
    assert desk.post(page(nanny), typed | {"relation": "parent"}).status_code == 302
    answer = desk.post(page(nanny), typed | {"power-notary": "Лунин, Москва"})
    assert (answer.status_code, [each.column for each in answer.context["form"].conflicts]) == (409, ["relation"])


@pytest.mark.parametrize("field", ["last_name", "phone", "relation", "power-signed_on", "power-valid_until"])
@pytest.mark.parametrize("junk", ["\x00", "9" * 400, "32.13.1990", "🙂"])
def test_junk_is_a_sentence_beside_its_field(desk, nanny, field, junk):
    answer = desk.post(page(nanny), opened(desk, nanny) | {field: junk})
    assert answer.status_code == 422
    assert changed() == []


def test_a_representative_of_another_patient_is_not_found(desk, mother):
    assert desk.get(reverse("office:representative_edit", args=[make.child().pk, mother.pk])).status_code == 404


def joining(who):
    return reverse("office:representative_link", args=[who.patient_id, who.pk])


def card(desk, patient):
    return desk.get(reverse("office:patient", args=[patient.pk]))


def test_the_card_proposes_their_own_record_and_joins_and_parts_them(desk):
    own = make.patient(phone="+79215550101")
    who = make.parent_of(make.child(), phone="+79215550101")
    (line,) = card(desk, who.patient).context["representatives"]
    assert (line.own, line.may_be) == (None, [own])
    for _press in range(2):
        assert desk.post(joining(who), {"person": own.pk}).status_code == 302
    (line,) = card(desk, who.patient).context["representatives"]
    assert (line.own, line.may_be) == (own, [])
    assert [row.patient for row in card(desk, own).context["acts_for"]] == [who.patient]
    seen = AuditEvent.objects.filter(object_ref="office:patient").order_by("id").values_list("patient", flat=True)
    assert list(seen) == [who.patient_id, own.pk, who.patient_id, own.pk, own.pk, who.patient_id]
    assert desk.post(joining(who)).status_code == 302
    assert read(who).person is None


@pytest.mark.parametrize("chosen", ["stranger", "x", "00000000-0000-0000-0000-000000000000"])
def test_only_who_is_proposed_is_joined(desk, mother, chosen):
    stranger = make.patient()
    assert desk.post(joining(mother), {"person": stranger.pk if chosen == "stranger" else chosen}).status_code == 404
    assert read(mother).person is None
