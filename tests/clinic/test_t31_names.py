"""T31: any name is accepted at every door and returned exactly as it was typed."""

import pytest
from django.utils import timezone

import booking
from back_office.forms.calls import ShortPersonForm
from back_office.forms.patients import PersonForm, RepresentativeForm
from booking_site.forms.details import DetailsForm
from booking_site.forms.request import RequestForm
from foundation.accounts.actors import site_visitor
from foundation.changes import Changes
from patients.actions import register
from patients.choices import Channel, Relation
from patients.models import Patient, Representation
from scheduling.queries import facts
from tests import factories as make
from waitlist.models import WaitlistRequest

pytestmark = pytest.mark.django_db
VISITOR = site_visitor(session="abc", ip="203.0.113.7")

NAMES = [
    ("Орлова", "Мария", "Ивановна"),
    ("Семёнов", "Пётр", "Семёнович"),
    ("Семенов", "Петр", "Семенович"),
    ("ёжикова", "алёна", ""),
    ("Йорданов", "Андрей", "Йорданович"),
    ("Щукин", "Игорь", "Ильич"),
    ("Римский-Корсаков", "Николай", "Андреевич"),
    ("Римский Корсаков", "Николай", ""),
    ("Салтыков—Щедрин", "Михаил", ""),
    ("Вознесенская-Добролюбова", "Екатерина", "Константиновна"),
    ("Анна‑Мария", "Роза-Луиза", ""),
    ("О'Ша", "Лев", ""),
    ("О’Ша", "Лев", ""),
    ("ОʼША", "Лев", ""),
    ("О`Ша", "Лев", ""),
    ("О´Ша", "Лев", ""),
    ("О’Нил", "Шакил", ""),
    ("’т Хофт", "Герард", ""),
    ("'т Хофт", "Герард", ""),
    ("Д’Артаньян", "Шарль", ""),
    ("д’Эстен", "Валери", ""),
    ("Мак-Грегор", "О'Лири", ""),
    ("Э", "И", ""),
    ("Ли", "Бо", ""),
    ("Цой", "Юн", "Ир"),
    ("Ы", "Ё", ""),
    ("Ван", "Юй", ""),
    ("О", "Ён", ""),
    ("Мамед оглы", "Али", ""),
    ("Мамедов", "Али", "Мамед оглы"),
    ("Алиева", "Лейла", "Гасан кызы"),
    ("Алиев", "Гейдар", "Алирза-оглы"),
    ("Касымов", "Тимур", "Бек уулу"),
    ("Ибрагимов", "Руслан", "Ахмед-заде"),
    ("де ла Крус", "Хуан", ""),
    ("фон дер Лейен", "Урсула", ""),
    ("ван Гог", "Винсент", ""),
    ("дю Понт", "Мари", ""),
    ("бен Ладен", "Самир", ""),
    ("ибн Сина", "Али", ""),
    ("аль-Хорезми", "Мухаммед", ""),
    ("эль Греко", "Доменикос", ""),
    ("Гарсия Лорка", "Федерико", "дель Саградо"),
    ("Да Силва-Сантос", "Жоао", ""),
    ("Мл. Дауни", "Роберт", ""),
    ("Müller", "Jürgen", ""),
    ("Łukaszewicz", "Łucja", ""),
    ("Ñuñez", "Íñigo", ""),
    ("Ångström", "Åsa", ""),
    ("İşıkoğlu", "Çağrı", ""),
    ("Šimić", "Đorđe", ""),
    ("O'Brien", "Seán", ""),
    ("d'Arc", "Jeanne", ""),
    ("Nguyễn", "Thị Ánh", ""),
    ("Þórsdóttir", "Björk", ""),
    ("Strauß", "Fräncis", ""),
    ("McDonald", "X Æ", ""),
    ("de la Cruz", "José", ""),
    ("Әбдіқалықов", "Қайрат", "Ғабитұлы"),
    ("Ґалаґан", "Їжак", ""),
    ("Ћирић", "Љубиша", ""),
    ("Ҳасанов", "Ҷамшед", ""),
    ("საქართველო", "გია", ""),
    ("Ἀλέξανδρος", "Γεώργιος", ""),
    ("王", "小明", ""),
    ("김", "민준", ""),
    ("محمد", "علي", ""),
    ("я" * 60, "ю" * 60, "э" * 60),
    ("Ж-" * 29 + "Жы", "Анна", ""),
    ("Smith", "J. R. R.", ""),
    ("Иванов (Петров)", "Иван", ""),
    ("ПЕТРОВА", "анна", "сЕРГЕЕВНА"),
    ("фОН-Штейн", "Ольга", ""),
    ("Петрович", "Милан", ""),
    ("Иван", "Иван", "Иванович"),
]
PERSON = {"birth_date": "17.05.1990", "phone": "8 921 000-11-22", "consent": "on", "who": "self"}
CHILD = PERSON | {"who": "child", "relation": "parent", "birth_date": f"01.02.{timezone.localdate().year - 6}"}


def named(names, prefix="") -> dict[str, str]:
    return dict(zip((f"{prefix}last_name", f"{prefix}first_name", f"{prefix}patronymic"), names, strict=True))


def names_of(row, prefix="") -> tuple[str, ...]:
    row.refresh_from_db()
    return tuple(getattr(row, name) for name in named(("", "", ""), prefix))


def checked(form):
    assert form.errors == {}
    return form


@pytest.fixture
def slot():
    return make.slots_of(make.shift(make.doctor()))[0]


def test_t31_there_are_enough_names_and_no_two_are_equal():
    assert (len(NAMES) >= 60, len(set(NAMES))) == (True, len(NAMES))


@pytest.mark.parametrize("form", [PersonForm, ShortPersonForm])
def test_t31_at_the_desk_and_by_phone(form, by):
    for names in NAMES:
        person = checked(form(PERSON | named(names))).person()
        assert names_of(booking.add_patient(person=person, by=by, allow_namesake=True)) == names


def test_t31_a_record_put_right(by):
    patient = make.patient()
    for names in NAMES:
        person = checked(PersonForm(PERSON | named(names))).person()
        booking.correct_patient(patient=patient, changes=Changes(person.columns()), by=by)
        assert names_of(patient) == names


def test_t31_a_representative_at_the_desk(by):
    child = make.child()
    for names in NAMES:
        form = checked(RepresentativeForm({"relation": "parent"} | named(names)))
        made = booking.represent(patient=child, who=form.representative(), by=by).representation
        assert names_of(made) == names


def test_t31_the_details_of_a_visit_on_the_site(slot):
    shown = facts.slot(slot.pk)
    for number, names in enumerate(NAMES):
        own = {
            "phone": f"8 921 000-11-{number:02}"
        }  # of two spellings of a name with one phone a single record is made
        person = checked(DetailsForm(PERSON | named(names) | own, slot=shown)).person()
        assert names_of(register.find_or_add(person=person, by=VISITOR)) == names
        who = checked(DetailsForm(CHILD | named(names) | named(names, "representative_"), slot=shown)).representative()
        assert (who.last_name, who.first_name, who.patronymic) == names


def test_t31_a_request_on_the_site_and_in_the_waitlist(by, settings):
    settings.REQUESTS_PER_PHONE = settings.REQUESTS_PER_BROWSER = settings.REQUESTS_PER_NETWORK = (1000, 1000)
    settings.REQUESTS_OF_ALL_PER_HOUR = 1000
    specialty = make.specialty()
    for names in NAMES:
        sent = CHILD | named(names) | named(names, "representative_")
        form = checked(RequestForm(sent, specialty=specialty))
        request = booking.hand_over(
            person=form.person(),
            wishes=form.wishes(),
            representative=form.representative(),
            channel=Channel.SITE,
            by=VISITOR,
        )
        assert (names_of(request), names_of(request, "representative_")) == (names, names)
    assert WaitlistRequest.objects.count() == len(NAMES)
    booking.enter_request(request=request.pk, by=by)
    mother = Representation.objects.get(relation=Relation.PARENT)
    assert (names_of(Patient.objects.get()), names_of(mother)) == (NAMES[-1], NAMES[-1])


def test_t31_what_is_shown_in_a_form_is_what_was_typed():
    for names in NAMES:
        form = PersonForm(initial=named(names))
        assert tuple(form[name].value() for name in named(names)) == names
