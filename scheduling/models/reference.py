from collections.abc import Sequence

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as CheckWarning
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.clock import known_zones
from foundation.database.schema import is_migrated
from foundation.text.names import full_name, short_name
from patients.fields import FoldedName
from scheduling.choices import ServiceKind
from scheduling.told import most_over
from scheduling.zones import location_zones


class Location(models.Model):
    """A place of the clinic; patients are told its address (R13), schedule rules are in its wall time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=100)
    address = models.CharField(_("address"), max_length=200)
    short_address = models.CharField(
        _("address in messages"),
        max_length=60,
        blank=True,
        default="",
        db_default="",
        help_text=_("Short, so that a message fits into two SMS: «Лунная ул., 7». Empty: the whole address."),
    )
    timezone = models.CharField(_("time zone"), max_length=40, choices=location_zones, default="Europe/Moscow")
    directions = models.CharField(_("how to get there"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def check(cls, *, databases: Sequence[str] | None = None, **kwargs: object) -> list[CheckMessage]:
        """Names also rows in an unknown zone or with too long messages, where `migrate` asks for the database."""
        rows = (
            [*cls._rows_in_no_zone(), *cls._rows_too_long_to_tell()] if databases and is_migrated(cls, Doctor) else []
        )
        return [*super().check(databases=databases, **kwargs), *rows]

    @classmethod
    def _rows_in_no_zone(cls) -> list[CheckMessage]:
        words = _now("The time zone «%(zone)s» of «%(location)s» is unknown: its times are in the clinic's zone.")
        hint = _now("Choose the zone in the reference data.")
        return [
            CheckWarning(words % {"zone": row.timezone, "location": row.name}, hint=hint, obj=cls, id="scheduling.W001")
            for row in cls._base_manager.exclude(timezone__in=known_zones()).order_by("name")
        ]

    @classmethod
    def _rows_too_long_to_tell(cls) -> list[CheckMessage]:
        """Names the locations at which a doctor's messages take more than two SMS (T74)."""
        doctor = max((each.full_name for each in Doctor._base_manager.filter(active=True)), key=len, default="")
        if not doctor:
            return []
        words = _now(
            "Messages about visits at «%(location)s» to «%(doctor)s» take more than two SMS: "
            "they are %(number)s characters too long."
        )
        hint = _now("Give the location a shorter address in messages, or the site a shorter one in SHORT_URL.")
        over = {row: most_over(doctor=doctor, address=row.told_address) for row in cls._base_manager.order_by("name")}
        return [
            CheckWarning(
                words % {"location": row.name, "doctor": doctor, "number": number},
                hint=hint,
                obj=cls,
                id="scheduling.W002",
            )
            for row, number in over.items()
            if number > 0
        ]

    @property
    def told_address(self) -> str:
        """The address that messages tell."""
        return self.short_address or self.address


class Room(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"))
    name = models.CharField(_("number or name"), max_length=40)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["location", "name"], name="room_name_unique")]

    def __str__(self) -> str:
        return self.name


class Specialty(models.Model):
    """A specialty: `name` is the field («Дерматология»), `doctor_title` the person («дерматолог»)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(_("address on the site"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    doctor_title = models.CharField(_("title of the doctor"), max_length=80)
    about = models.CharField(_("what is treated"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """A service that can be booked (R26). One longer than a slot takes consecutive slots of one shift."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    specialty = models.ForeignKey(Specialty, models.PROTECT, related_name="services", verbose_name=_("specialty"))
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=ServiceKind)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    price = models.DecimalField(_("price, ₽"), max_digits=9, decimal_places=2)
    on_site = models.BooleanField(_("can be booked on the site"), default=True)
    active = models.BooleanField(_("active"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["specialty", "order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=5, minutes__lte=480),
                name="service_minutes_sensible",
                violation_error_message=_("From 5 to 480 minutes."),
            ),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="service_price_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class Doctor(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="doctor",
        verbose_name=_("login"),
    )
    slug = models.SlugField(_("address on the site"), unique=True)
    last_name = models.CharField(_("surname"), max_length=60)
    first_name = models.CharField(_("name"), max_length=60)
    patronymic = models.CharField(_("patronymic"), max_length=60, blank=True)
    search_name = FoldedName()
    specialties = models.ManyToManyField(Specialty, related_name="doctors", verbose_name=_("specialties"))
    services = models.ManyToManyField(Service, related_name="doctors", verbose_name=_("services"))
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, verbose_name=_("usual room"))
    about = models.CharField(_("about"), max_length=300, blank=True)
    min_age = models.PositiveSmallIntegerField(_("sees from, years"), default=0)
    max_age = models.PositiveSmallIntegerField(_("sees to, years"), default=150)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("doctor")
        verbose_name_plural = _("doctors")
        ordering = ["search_name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(min_age__lte=models.F("max_age")),
                name="doctor_ages_ordered",
                violation_error_message=_("The lower age is above the upper one."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Surname, name and patronymic in full, as R13 wants them told."""
        return full_name(self.last_name, self.first_name, self.patronymic)

    @property
    def short_name(self) -> str:
        return short_name(self.last_name, self.first_name, self.patronymic, between="")
