from django.urls import URLPattern, path

from back_office.presenters.reference import KINDS
from back_office.views import people, reference, setup


def _pages(code: str) -> list[URLPattern]:
    here, kind = f"reference/{code}/", {"kind": code}
    return [
        path(here, reference.rows, kind, name=f"{code}_list"),
        path(f"{here}new/", reference.add, kind, name=f"{code}_add"),
        path(f"{here}<uuid:row_id>/", reference.edit, kind, name=f"{code}_edit"),
    ]


urlpatterns = [
    path("reference/", setup.setup, name="setup"),
    path("reference/hide/", setup.hide, name="setup_hide"),
    path("reference/clinic/", reference.organization, name="organization"),
    path("reference/people/", people.people, name="people"),
    path("reference/people/new/", people.add, name="person_add"),
    path("reference/people/<uuid:person_id>/", people.edit, name="person"),
    path("reference/people/<uuid:person_id>/password/", people.password, name="person_password"),
    path("reference/people/<uuid:person_id>/block/", people.block, name="person_block"),
    path("reference/people/<uuid:person_id>/unblock/", people.unblock, name="person_unblock"),
    path("reference/people/<uuid:person_id>/ask-new-password/", people.ask_new_password, name="person_new_password"),
    path("reference/people/<uuid:person_id>/second-step/", people.take_second_step_away, name="person_second_step"),
    *(page for code in KINDS for page in _pages(code)),
]
