"""The head reads the figures of the contact centre, one page a question."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from back_office.figures.questions import QUESTIONS
from back_office.figures.sheet import CONTENT_TYPE, workbook
from back_office.figures.tables import Question
from back_office.forms.figures import PeriodForm
from back_office.presenters.figures import FiguresPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission


def asked(request: StaffRequest, question: str) -> Question:
    if question not in QUESTIONS:
        raise Http404
    return QUESTIONS[question]


@require_safe
@staff_view(Permission.SEE_FIGURES)
def first(request: StaffRequest) -> Answer:
    return redirect("office:figures", next(iter(QUESTIONS)))


@require_safe
@staff_view(Permission.SEE_FIGURES, scope=asked)
def question(request: StaffRequest, question: Question) -> Answer:
    content = FiguresPage.of(question, PeriodForm(request.GET))
    return Page("back_office/figures/question.html", content, shows=())


@require_safe
@staff_view(Permission.SEE_FIGURES, scope=asked)
def file(request: StaffRequest, question: Question) -> Answer:
    days = PeriodForm(request.GET).days()
    name = f"{question.name}-{days.first:%Y-%m-%d}-{days.last:%Y-%m-%d}.xlsx"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(workbook(question.answer(days)), content_type=CONTENT_TYPE, headers=disposition)
