"""The lists of a day, to print from the screen."""

from django.views.decorators.http import require_safe

from back_office.forms.day import DayForm
from back_office.paper.lists import PaperDay
from back_office.presenters.paper import PaperPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission


@require_safe
@staff_view(Permission.SEE_PATIENTS)
def lists(request: StaffRequest) -> Answer:
    paper = PaperDay.of(DayForm(request.GET).day)
    return Page("back_office/paper/page.html", PaperPage(paper), shows=paper.patients)
