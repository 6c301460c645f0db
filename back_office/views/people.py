"""The head gives people of the staff their logins, blocks them and gives new passwords (U37, T115)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from back_office import scope
from back_office.forms.people import NewPasswordForm, NewPersonForm, OwnPasswordForm, PersonEditForm, person_form
from back_office.forms.refused import refused
from back_office.presenters.people import ListedPerson, PasswordPage, PeopleList, PersonAddPage, PersonPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts import second_factor
from foundation.accounts.choices import Permission
from foundation.accounts.models import User
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from foundation.idempotency.once import A_DAY

ADD, PERSON, PASSWORD = (f"back_office/people/{name}.html" for name in ("add", "person", "password"))
WRONG = 422


@require_safe
@staff_view(Permission.ADMINISTER)
def people(request: StaffRequest) -> Answer:
    return Page("back_office/people/list.html", PeopleList.of(), shows=())


def _add_again(request: StaffRequest, *, error: DomainError) -> Page:
    return Page(
        ADD, PersonAddPage(refused(NewPersonForm(request.POST, actor=request.user), error)), shows=(), at_once=True
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.ADMINISTER, refused=_add_again, once=A_DAY)
def add(request: StaffRequest) -> Answer:
    form = NewPersonForm(request.POST or None, actor=request.user)
    if form.is_valid():
        typed = form.cleaned_data
        person = booking.add_person(
            login=typed["login"], name=form.name, role=typed["role"], password=typed["password"], by=request.by
        )
        said = _("%(name)s may sign in as %(login)s. Tell them the password: the first sign-in asks for another one.")
        messages.success(request, said % {"name": person.get_full_name(), "login": person.username})
        return redirect("office:people")
    return Page(ADD, PersonAddPage(form), shows=(), status=WRONG if form.is_bound else 200, at_once=True)


def _edited_by_two(request: StaffRequest, person: User, *, error: DomainError) -> Page:
    form = person_form(person, request.POST, actor=request.user)
    form.refuse(error)
    return _page(request, person, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.ADMINISTER, scope=scope.person, refused=_edited_by_two)
def edit(request: StaffRequest, person: User) -> Answer:
    form = person_form(person, request.POST or None, actor=request.user)
    if not form.is_valid():
        return _page(request, person, form=form, status=WRONG if form.is_bound else 200)
    booking.change_person(person=person, changes=form.changes(form.columns()), by=request.by)
    messages.success(request, _("Saved: %(name)s.") % {"name": person.get_full_name()})
    return redirect("office:people")


def _as_it_is(request: StaffRequest, person: User, *, error: DomainError) -> Page:
    form = person_form(person, None, actor=request.user)
    if sentence := sentence_of(error):
        messages.error(request, sentence)
    return _page(request, person, form=form)


@require_POST
@staff_view(Permission.ADMINISTER, scope=scope.person, refused=_as_it_is)
def block(request: StaffRequest, person: User) -> Answer:
    booking.block_person(person=person, by=request.by)
    messages.success(request, _("%(name)s can no longer sign in.") % {"name": person.get_full_name()})
    return redirect("office:person", person.pk)


@require_POST
@staff_view(Permission.ADMINISTER, scope=scope.person, refused=_as_it_is)
def unblock(request: StaffRequest, person: User) -> Answer:
    form = OwnPasswordForm(request.POST, actor=request.user, prefix="open")
    if not form.is_valid():
        return _page(request, person, unblock=form, status=WRONG)
    booking.unblock_person(person=person, by=request.by)
    messages.success(request, _("%(name)s may sign in again.") % {"name": person.get_full_name()})
    return redirect("office:person", person.pk)


@require_POST
@staff_view(Permission.ADMINISTER, scope=scope.person, refused=_as_it_is)
def ask_new_password(request: StaffRequest, person: User) -> Answer:
    booking.ask_new_password(person=person, by=request.by)
    messages.success(request, _("%(name)s is asked for a new password.") % {"name": person.get_full_name()})
    return redirect("office:person", person.pk)


@require_POST
@staff_view(Permission.ADMINISTER, scope=scope.person, refused=_as_it_is)
def take_second_step_away(request: StaffRequest, person: User) -> Answer:
    form = OwnPasswordForm(request.POST, actor=request.user, prefix="step")
    if not form.is_valid():
        return _page(request, person, step=form, status=WRONG)
    booking.take_second_step_away(person=person, by=request.by)
    said = _("%(name)s signs in with the password alone. All their sessions are over.")
    messages.success(request, said % {"name": person.get_full_name()})
    return redirect("office:person", person.pk)


def _password_again(request: StaffRequest, person: User, *, error: DomainError) -> Page:
    form = NewPasswordForm(request.POST, actor=request.user, person=person)
    return Page(PASSWORD, PasswordPage(ListedPerson.of(person), refused(form, error)), shows=(), at_once=True)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.ADMINISTER, scope=scope.person, refused=_password_again)
def password(request: StaffRequest, person: User) -> Answer:
    form = NewPasswordForm(request.POST or None, actor=request.user, person=person)
    if not form.is_valid():
        page = PasswordPage(ListedPerson.of(person), form)
        return Page(PASSWORD, page, shows=(), status=WRONG if form.is_bound else 200, at_once=True)
    booking.reset_password(person=person, password=form.cleaned_data["password"], by=request.by)
    said = _("%(name)s signs in with this password now and then chooses another one. All their sessions are over.")
    messages.success(request, said % {"name": person.get_full_name()})
    return redirect("office:person", person.pk)


def _page(
    request: StaffRequest,
    person: User,
    *,
    form: PersonEditForm | None = None,
    unblock: OwnPasswordForm | None = None,
    step: OwnPasswordForm | None = None,
    status: int = 200,
) -> Page:
    form = form or person_form(person, None, actor=request.user)
    unblock = unblock or OwnPasswordForm(actor=request.user, prefix="open")
    step = step or OwnPasswordForm(actor=request.user, prefix="step")
    page = PersonPage(ListedPerson.of(person), form, unblock, step if second_factor.has_one(person) else None)
    return Page(PERSON, page, shows=(), status=status, at_once=True)
