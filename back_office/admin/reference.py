"""Reference data in the stock admin; appointments and slots are changed by actions alone, so they are not here."""

from collections.abc import Callable, Collection
from typing import Any, cast

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

import booking
from back_office.admin.versions import VersionedAdmin
from back_office.told import tell_how_many
from booking.holding import BrokenVisit
from foundation.accounts.actors import staff
from foundation.accounts.models import User
from scheduling.models import Doctor, Location, Room, Service, Specialty


@admin.register(Location)
class LocationAdmin(VersionedAdmin):
    list_display = ["name", "address", "short_address"]


@admin.register(Room)
class RoomAdmin(VersionedAdmin):
    list_display = ["name", "location"]


@admin.register(Specialty)
class SpecialtyAdmin(VersionedAdmin):
    list_display = ["name", "doctor_title", "order"]
    prepopulated_fields = {"slug": ["name"]}


class RecheckingAdmin(VersionedAdmin):
    """Judges the visits ahead in the transaction in which the admin saves, and says how many no longer hold."""

    rules: Collection[str] = ()
    """The fields by which the gate judges a visit."""
    recheck: Callable[..., list[BrokenVisit]]
    """The verb that is given the row by the name of its model, and `by`."""

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:  # the admin gives formsets no type
        super().save_related(request, form, formsets, change)
        if change and not set(self.rules).isdisjoint(form.changed_data):
            by = staff(cast(User, request.user), ip=request.META.get("REMOTE_ADDR", ""))
            tell_how_many(request, self.recheck(**{str(self.opts.model_name): form.instance}, by=by))


@admin.register(Service)
class ServiceAdmin(RecheckingAdmin):
    list_display = ["name", "specialty", "kind", "minutes", "price", "on_site", "active"]
    list_filter = ["specialty", "kind", "active"]
    rules = ["minutes", "active"]
    recheck = staticmethod(booking.recheck_service)


@admin.register(Doctor)
class DoctorAdmin(RecheckingAdmin):
    list_display = ["last_name", "first_name", "patronymic", "room", "active"]
    filter_horizontal = ["specialties", "services"]
    rules = ["services", "min_age", "max_age", "active"]
    recheck = staticmethod(booking.recheck_doctor)
