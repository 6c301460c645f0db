"""The booking panel holds everything one screen needs to book a chosen time for a chosen patient."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from back_office.forms.booking import NEW, OTHER_ADULT, SELF, PaperForm, VisitForm
from back_office.forms.other_adult import OtherAdultForm
from back_office.forms.patients import PowerForm, RepresentativeForm
from back_office.forms.times import AGAIN
from back_office.staff_view import StaffRequest
from foundation.clock import today_on
from foundation.wording import short_time
from patients.ages import OWN_PASSPORT, age_on, is_minor
from patients.choices import Applicant, Relation
from patients.contact import number_of
from patients.data import OtherAdult, PowerData, RepresentativeData, Seen
from patients.demandable import Demandable, applicant_for, demandable, to_bring
from patients.instructions import told_of_minor
from patients.models import IdentityDocument, Patient, Representation
from patients.queries import people
from patients.queries.papers import last_seen
from scheduling.models import Appointment, Service
from scheduling.queries.day import visits_beside_a_booking
from scheduling.queries.read_models import ShownSlot

Part = TypeVar("Part", bound=forms.Form)


class Panel:
    """The panel is several forms in one. `sent` is what was typed; without it the likeliest case is already chosen.

    With `judged=False` the forms keep what was typed and complain of nothing: another applicant was chosen.
    """

    def __init__(
        self,
        request: StaffRequest,
        slot: ShownSlot,
        patient: Patient,
        services: Sequence[Service],
        *,
        sent: QueryDict | None = None,
        judged: bool = True,
    ) -> None:
        self.slot, self.patient, self.services = slot, patient, services
        self._sent, self._judged = sent, judged
        self.channel = request.channel
        self.day = slot.local_start.date()
        self.minor = is_minor(patient.birth_date, self.day)
        self.representatives = list(people.representatives(patient)) if self.minor else []
        initial: dict[str, object] = {"key": uuid7().hex, "patient": patient.pk, "applicant": self._likeliest(request)}
        initial["service"] = request.GET.get("service") or (self.services[0].pk if self.services else "")
        initial["remind"] = False if sent else self._reminded_before
        self.form = self._made(
            VisitForm,
            initial=initial,
            applicants=self._applicants(),
            services=[
                (str(each.pk), _("%(name)s, %(minutes)s min") % {"name": each.name, "minutes": each.minutes})
                for each in self.services
            ],
            visits=self._visit_choices,
        )
        self.applicant = str(self.form["applicant"].value())
        new = self.applicant == NEW
        self.new_representative = self._made(RepresentativeForm, prefix="rep", always=True) if new else None
        self.representation = next((each for each in self.representatives if str(each.pk) == self.applicant), None)
        self.case = self._case(sent)
        self.asked = demandable(channel=self.channel, applicant=self.case)
        self.papers = [
            self._made(PaperForm, prefix=document.value, document=document, before=partial(self._before, document))
            for document in self.asked
        ]
        other = self.applicant == OTHER_ADULT
        self.other_adult = self._made(OtherAdultForm, prefix="other", always=True) if other else None
        self.power = self._power() if self._needs_power() else None
        self.bring = () if self.asked else to_bring(self.case)
        self.told_of_minor = told_of_minor(patient.birth_date, self.day)

    @property
    def sent(self) -> QueryDict:
        """Returns what was typed."""
        return self._sent or QueryDict()

    @property
    def unless_booked(self) -> bool:
        """True while nobody has answered that one more first visit is meant."""
        return AGAIN not in self.sent

    @property
    def remind(self) -> bool:
        """True when the patient agreed to be reminded of the visit."""
        return bool(self.form.cleaned_data.get("remind"))

    def _reminded_before(self) -> bool:
        """Returns what was agreed for the last of their visits, which is proposed for this one."""
        return any(each.wants_reminders for each in self._beside[:1])

    @property
    def nobody_to_write_to(self) -> bool:
        """True when neither the patient nor who comes with them has a number; a new representative may give theirs."""
        return self.new_representative is None and not number_of(self.patient, self.representation)

    def _before(self, document: Demandable) -> IdentityDocument | None:
        """Returns the document that this applicant has shown before; of one typed now nothing is known."""
        unknown = document == Demandable.IDENTITY and self.applicant in (NEW, OTHER_ADULT)
        return None if unknown else self._seen_before.get(document)

    @cached_property
    def _seen_before(self) -> dict[Demandable, IdentityDocument]:
        """Returns what was seen of this applicant; it is read once the panel is shown."""
        return last_seen(self.patient, self.representation)

    @cached_property
    def _beside(self) -> list[Appointment]:
        """Returns the patient's other visits; they are read once the panel is shown or one is chosen."""
        return list(visits_beside_a_booking(self.patient.pk, {each.specialty_id for each in self.services}))

    @property
    def visits(self) -> list[Appointment]:
        """Returns the earlier visits a follow-up may name."""
        return [each for each in self._beside if not each.is_upcoming]

    @property
    def coming(self) -> list[Appointment]:
        """Returns the visits that the patient has ahead, the nearest first."""
        return [each for each in reversed(self._beside) if each.is_upcoming]

    def _visit_choices(self) -> list[tuple[str, str]]:
        known = [(str(each.pk), f"{short_time(each.local_start)}, {each.doctor.short_name}") for each in self.visits]
        return [("", _("first visit")), *known]

    @property
    def earlier(self) -> Appointment | None:
        """Returns the visit that the follow-up names; None for a first visit."""
        chosen = self.form.cleaned_data["visit"]
        return next(each for each in self.visits if str(each.pk) == chosen) if chosen else None

    def _made(
        self,
        form: type[Part],
        *,
        prefix: str | None = None,
        initial: dict[str, object] | None = None,
        always: bool = False,
        **options: Any,
    ) -> Part:
        """Makes one form with what was sent of it. `options` are `Any`, because each form takes its own.

        A part that has just appeared was not sent: it is shown, not judged. One judged `always` says what it misses.
        """
        sent = self._sent
        if self._judged or not sent:
            begins = f"{prefix}-" if prefix else ""
            there = sent and (always or any(name.startswith(begins) for name in sent))
            return form(sent if there else None, prefix=prefix, initial=initial, **options)
        typed = {name: sent.get(f"{prefix}-{name}" if prefix else name) for name in form.base_fields}
        known = (initial or {}) | {name: value for name, value in typed.items() if value is not None}
        return form(None, prefix=prefix, initial=known, **options)

    def _likeliest(self, request: StaffRequest) -> str:
        """Returns who is chosen beforehand; during a call it was said already whether another adult is on the line."""
        if not self.minor:
            return OTHER_ADULT if request.GET.get("applicant") == OTHER_ADULT else SELF
        legal = [each for each in self.representatives if each.is_legal] or self.representatives
        return str(legal[0].pk) if legal else NEW

    def _applicants(self) -> list[tuple[str, str]]:
        if not self.minor:
            return [(SELF, str(Applicant.PATIENT.label)), (OTHER_ADULT, str(Applicant.ADULT_FOR_ADULT.label))]
        old_enough = age_on(self.patient.birth_date, self.day) >= OWN_PASSPORT
        alone = [(SELF, str(Applicant.PATIENT.label))] if old_enough else []
        known = [(str(each.pk), str(each)) for each in self.representatives]
        return [*known, *alone, (NEW, _("another representative, to be recorded now"))]

    def _case(self, sent: QueryDict | None) -> Applicant:
        relation = None
        if self.representation:
            relation = Relation(self.representation.relation)
        elif self.applicant == NEW:
            typed = sent.get("rep-relation") if sent else None
            relation = Relation(typed) if typed in Relation.values else Relation.PARENT
        if self.minor and relation is None and age_on(self.patient.birth_date, self.day) < OWN_PASSPORT:
            relation = Relation.PARENT
        return applicant_for(
            birth_date=self.patient.birth_date,
            day=self.day,
            relation=relation if self.minor else None,
            for_other=self.applicant == OTHER_ADULT,
        )

    def _needs_power(self) -> bool:
        """A power is asked for at the desk alone, while none that is in force that day is recorded (R5)."""
        if Demandable.POWER_OF_ATTORNEY not in self.asked:
            return False
        known = self.representation.power_of_attorney if self.representation else None
        return known is None or not known.in_force_on(self.day)

    def _power(self) -> PowerForm:
        today = today_on(self.slot.local_start)
        return self._made(PowerForm, prefix="power", visit_day=self.day, today=today, acting=self.representatives)

    def is_valid(self) -> bool:
        """Judges every part; one that the page had not shown when it was sent is said to be new."""
        checked = [form.is_valid() for form in self.forms]
        if self.form.is_bound and any(not form.is_bound for form in self.forms):
            self.form.add_error(None, _("For this applicant there is more to fill in: the new fields stand below."))
        return all(checked)

    @property
    def forms(self) -> list[forms.Form]:
        every: list[forms.Form | None] = [self.form, self.other_adult, self.new_representative, self.power]
        return [*(form for form in every if form is not None), *self.papers]

    def seen(self) -> list[Seen]:
        """Returns what was shown; a power of attorney typed in now says itself whether it was the original."""
        shown = [seen for paper in self.papers if (seen := paper.as_seen())]
        if self.power is None:
            return shown
        seen_as = self.power.power().seen_as
        return [replace(seen, seen_as=seen_as) if seen.kind is None else seen for seen in shown]

    @property
    def representative(self) -> Representation | RepresentativeData | None:
        """Returns who acts: one of those who are known, or the one typed now."""
        return self.new_representative.representative() if self.new_representative else self.representation

    @property
    def shown_power(self) -> PowerData | None:
        return self.power.power() if self.power else None

    @property
    def service(self) -> Service:
        return next(each for each in self.services if str(each.pk) == self.form.cleaned_data["service"])

    @property
    def for_other(self) -> OtherAdult | None:
        """Returns the adult who applies for an adult patient."""
        return self.other_adult.other_adult() if self.other_adult else None

    @property
    def key(self) -> str:
        """The key is the same for every press of this panel, so that a second one books nothing."""
        return f"desk:{self.form.cleaned_data['key']}"
