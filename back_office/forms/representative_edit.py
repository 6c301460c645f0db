"""Two forms of one page put right who acts for a patient: the person, and the power of attorney of an attorney."""

from datetime import date

from django.http import QueryDict

from back_office.forms.patients import PowerForm, RepresentativeForm
from foundation.changes import ChangedMeanwhile, Changes, recorded
from foundation.errors import DomainError
from patients.choices import Relation
from patients.data import PowerData, RepresentativeData
from patients.models import PowerOfAttorney, Representation

NOTHING_SHOWN = frozenset({"version", "seen_as"})
"""Fields of a power of attorney that are sent even where nobody has typed anything of it."""


class RepresentativeEdit:
    """Both forms as they were opened; the power of attorney is read only of an attorney, and may be over by now.

    An attorney who is known by word of mouth stays so until something of a power of attorney is typed.
    """

    def __init__(self, sent: QueryDict | None, acting: Representation) -> None:
        self.acting = acting
        person = recorded(acting, RepresentativeData.__slots__)
        phone = acting.phone.as_national if acting.phone else ""
        self.form = RepresentativeForm(sent, initial=person | {"phone": phone}, recorded=person)
        self.power = self._power(sent)
        if not self._is_power_asked(sent):
            self.power = self._power(None)

    def is_valid(self) -> bool:
        valid = [self.form.is_valid(), not self.power.is_bound or self.power.is_valid()]
        return all(valid)

    def changes(self) -> Changes:
        return self.form.changes(self.form.representative().columns())

    def power_changes(self) -> Changes | None:
        return self.power.changes(self.power.power().columns()) if self.power.is_bound else None

    def refuse(self, error: DomainError) -> None:
        """Says why nothing was saved, in the form whose columns two people have changed."""
        of_power = isinstance(error, ChangedMeanwhile) and not error.columns.isdisjoint(self.power.recorded)
        (self.power if of_power else self.form).refuse(error)

    def _power(self, sent: QueryDict | None) -> PowerForm:
        shown = recorded(self.acting.power_of_attorney or PowerOfAttorney(), PowerData.__slots__)
        initial = {name: value for name, value in shown.items() if value}
        return PowerForm(sent, prefix="power", initial=initial, recorded=shown, visit_day=date.min)

    def _is_power_asked(self, sent: QueryDict | None) -> bool:
        """Tells whether a power of attorney has to be right: who was an attorney without one may stay so (R5)."""
        if sent is None or sent.get("relation") != Relation.ATTORNEY:
            return False
        by_word = self.acting.relation == Relation.ATTORNEY and self.acting.power_of_attorney_id is None
        return not by_word or not NOTHING_SHOWN.issuperset(self.power.changed_data)
