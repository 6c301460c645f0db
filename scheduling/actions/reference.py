"""Places, rooms, specialties, services and doctors are added and put right; the audit keeps what stood there."""

from collections.abc import Collection, Mapping
from typing import TypeVar

from django.db.models import Model

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.changes import Changes, Edited
from foundation.database.locks import advisory_lock
from foundation.text.slugs import slug_of
from scheduling.models import Doctor, Specialty

Row = TypeVar("Row", bound=Model)
NAMED_BY: Mapping[type[Model], Collection[str]] = {Specialty: ["name"], Doctor: ["last_name", "first_name"]}
"""The columns from which the address of the row's page on the site is made; once made it stays, as people keep it."""


def add(*, model: type[Row], values: Mapping[str, object], by: Actor) -> Row:
    """Adds a row; an address on the site that others have gets a number."""
    row = model()
    many = {field.name for field in model._meta.many_to_many}
    for name in values.keys() - many:
        setattr(row, name, values[name])
    if model in NAMED_BY:
        words = " ".join(str(values[name]) for name in NAMED_BY[model])
        row.slug = _free_slug(model, words)  # type: ignore[attr-defined]  # both models of `NAMED_BY` have one
    row.save()
    for name in values.keys() & many:
        getattr(row, name).set(values[name])
    given: Edited = {name: (None, value) for name, value in values.items() if value not in (None, "")}
    trail.record_row(by=by, row=row, done="added", edited=given)
    return row


def change(*, row: Row, changes: Changes, by: Actor) -> Edited:
    """Writes what this person has changed, under the row's lock. Raises ChangedMeanwhile."""
    locked = type(row)._base_manager.select_for_update(no_key=True).get(pk=row.pk)
    edited = changes.apply(locked)
    if edited:
        locked.save()
        trail.record_row(by=by, row=locked, done="changed", edited=edited)
    return edited


def _free_slug(model: type[Model], words: str) -> str:
    """Returns the first address that nobody has; two who add the same name wait for each other."""
    advisory_lock(f"scheduling.slugs.{model._meta.model_name}")
    wanted = slug_of(words)
    taken = set(model._base_manager.filter(slug__startswith=wanted).values_list("slug", flat=True))
    number = 1
    while (slug := wanted if number == 1 else f"{wanted}-{number}") in taken:
        number += 1
    return slug
