"""Reference data in the stock admin; appointments and slots are changed by actions alone, so they are not here."""

from django.contrib import admin

from scheduling.models import Doctor, Location, Room, Service, Specialty


@admin.register(Location)
class LocationAdmin(admin.ModelAdmin):
    list_display = ["name", "address"]


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):
    list_display = ["name", "location"]


@admin.register(Specialty)
class SpecialtyAdmin(admin.ModelAdmin):
    list_display = ["name", "doctor_title", "order"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    list_display = ["name", "specialty", "kind", "minutes", "price", "on_site", "active"]
    list_filter = ["specialty", "kind", "active"]


@admin.register(Doctor)
class DoctorAdmin(admin.ModelAdmin):
    list_display = ["last_name", "first_name", "patronymic", "room", "active"]
    filter_horizontal = ["specialties", "services"]
