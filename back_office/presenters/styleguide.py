from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page as PageOfRows
from django.forms import Form

from back_office.presenters.statuses import Status


@dataclass(frozen=True, slots=True)
class StyleguidePage:
    form: Form
    wrong_form: Form
    statuses: list[Status]
    page_obj: PageOfRows[int]
    held_until: datetime
