from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """The role of a person who works here (R27)."""

    REGISTRAR = "registrar", _("Registrar")
    OPERATOR = "operator", _("Contact-centre operator")
    DOCTOR = "doctor", _("Doctor")
    SCHEDULE_ADMIN = "schedule_admin", _("Schedule administrator")
    HEAD = "head", _("Head of the clinic")


class Permission(TextChoices):
    """One thing a person may do.

    This is the only list: `requires` checks it, the access matrix in the tests repeats it.
    """

    OFFICE = "office", _("Sign in to the office")
    EMERGENCY = "emergency", _("Open an emergency")
    SEE_DAY = "see_day", _("See the day of every doctor")
    SEE_PATIENTS = "see_patients", _("See patients")
    KEEP_RECORDS = "keep_records", _("Keep the patient register")
    BOOK = "book", _("Book, move and cancel appointments")
    OVERBOOK = "overbook", _("Book over a busy time")
    RECEIVE = "receive", _("Mark arrivals and no-shows")
    SIGN_OFF = "sign_off", _("Let a patient in without a paper")
    SEE_WAITLIST = "see_waitlist", _("See the waitlist")
    WORK_WAITLIST = "work_waitlist", _("Work the waitlist")
    KEEP_SCHEDULE = "keep_schedule", _("Keep the schedule")
    CONDUCT_VISITS = "conduct_visits", _("Conduct visits")
    SEE_OUTBOX = "see_outbox", _("See sent messages")
    ADMINISTER = "administer", _("Administer reference data and logins")
    LEAD_TEAM = "lead_team", _("See who is on which call and take calls over")
    SEE_FIGURES = "see_figures", _("See the figures of the contact centre")
    HEAR_CALLS = "hear_calls", _("See calls of the exchange and hear recordings")
    SEE_AUDIT = "see_audit", _("See who has done what")


ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.REGISTRAR: frozenset(
        {
            Permission.OFFICE,
            Permission.EMERGENCY,
            Permission.SEE_DAY,
            Permission.SEE_PATIENTS,
            Permission.KEEP_RECORDS,
            Permission.BOOK,
            Permission.OVERBOOK,
            Permission.RECEIVE,
            Permission.SEE_WAITLIST,
            Permission.SEE_OUTBOX,
        }
    ),
    Role.OPERATOR: frozenset(
        {
            Permission.OFFICE,
            Permission.EMERGENCY,
            Permission.SEE_DAY,
            Permission.SEE_PATIENTS,
            Permission.KEEP_RECORDS,
            Permission.BOOK,
            Permission.SEE_WAITLIST,
            Permission.WORK_WAITLIST,
            Permission.SEE_OUTBOX,
        }
    ),
    Role.DOCTOR: frozenset({Permission.OFFICE, Permission.EMERGENCY, Permission.CONDUCT_VISITS}),
    # Who keeps the schedule needs to know how many visits a change meets, not whose they are.
    Role.SCHEDULE_ADMIN: frozenset({Permission.OFFICE, Permission.EMERGENCY, Permission.KEEP_SCHEDULE}),
    # The waitlist is worked by the contact centre alone (R20, R21); visits are the doctor's.
    Role.HEAD: frozenset(Permission) - {Permission.CONDUCT_VISITS, Permission.WORK_WAITLIST},
}
