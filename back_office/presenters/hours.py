from dataclasses import dataclass

from back_office.forms.schedule import HoursForm, LastDayForm
from scheduling.models import Doctor, ShiftRule


@dataclass(frozen=True, slots=True)
class RulePage:
    """Weekly hours to add, or those of `rule` to change or to end."""

    doctor: Doctor
    form: HoursForm
    rule: ShiftRule | None = None
    last_day_form: LastDayForm | None = None
