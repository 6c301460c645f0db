"""Two forms of one page put right who acts for a patient: the person, and the power of attorney of an attorney."""

from datetime import date

from django.http import QueryDict

from back_office.forms.patients import PowerForm, RepresentativeForm
from foundation.changes import ChangedMeanwhile, Changes, recorded
from foundation.errors import DomainError
from patients.choices import Relation
from patients.data import PowerData, RepresentativeData
from patients.models import PowerOfAttorney, Representation


class RepresentativeEdit:
    """Both forms as they were opened; the power of attorney is read only of an attorney, and may be over by now."""

    def __init__(self, sent: QueryDict | None, acting: Representation) -> None:
        self.is_attorney = sent is not None and sent.get("relation") == Relation.ATTORNEY
        person = recorded(acting, RepresentativeData.__slots__)
        phone = acting.phone.as_national if acting.phone else ""
        self.form = RepresentativeForm(sent, initial=person | {"phone": phone}, recorded=person)
        shown = recorded(acting.power_of_attorney or PowerOfAttorney(), PowerData.__slots__)
        self.power = PowerForm(
            sent if self.is_attorney else None,
            prefix="power",
            initial={name: value for name, value in shown.items() if value},
            recorded=shown,
            visit_day=date.min,
        )

    def is_valid(self) -> bool:
        valid = [self.form.is_valid(), not self.is_attorney or self.power.is_valid()]
        return all(valid)

    def changes(self) -> Changes:
        return self.form.changes(self.form.representative().columns())

    def power_changes(self) -> Changes | None:
        return self.power.changes(self.power.power().columns()) if self.is_attorney else None

    def refuse(self, error: DomainError) -> None:
        """Says why nothing was saved, in the form whose columns two people have changed."""
        of_power = isinstance(error, ChangedMeanwhile) and not error.columns.isdisjoint(self.power.recorded)
        (self.power if of_power else self.form).refuse(error)
