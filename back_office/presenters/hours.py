from dataclasses import dataclass

from back_office.forms.schedule import HoursForm, LastDayForm
from scheduling.models import Doctor, ShiftRule


@dataclass(frozen=True, slots=True)
class RulePage:
    """The page adds weekly hours, or changes and ends those of `rule`."""

    doctor: Doctor
    form: HoursForm
    rule: ShiftRule | None = None
    last_day_form: LastDayForm | None = None
