"""Names what is done, for whoever reads the audit: each act of the code has its words here."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = _StrPromise


class Group(NamedTuple):
    name: "Words"
    acts: "Mapping[str, Words]"


GROUPS: Sequence[Group] = (
    Group(
        _("Visits"),
        {
            "appointment.booked": _("Visit: booked"),
            "appointment.moved": _("Visit: moved"),
            "appointment.cancelled": _("Visit: cancelled"),
            "appointment.booked_again": _("Visit: booked again"),
            "appointment.confirmed": _("Visit: confirmed"),
            "appointment.informed": _("Visit: patient told"),
            "appointment.arrived": _("Visit: patient arrived"),
            "appointment.started": _("Visit: begun"),
            "appointment.finished": _("Visit: completed"),
            "appointment.noshow": _("Visit: no-show"),
            "appointment.entered_in_error": _("Visit: entered in error"),
            "appointment.taken_back": _("Visit: step taken back"),
            "appointment.undone": _("Visit: last step undone"),
            "appointment.kept": _("Visit: stays as it is"),
            "appointment.representative": _("Visit: somebody else comes with the child"),
            "appointment.sent_again": _("Visit: message sent again"),
            "appointment.reminders_on": _("Visit: reminders agreed to"),
            "appointment.reminders_off": _("Visit: reminders no longer wanted"),
            "hold.freed": _("Held time: freed"),
        },
    ),
    Group(
        _("Patients"),
        {
            "patient.registered": _("Record: made"),
            "patient.corrected": _("Record: corrected"),
            "patient.merged": _("Record: merged with another one"),
            "patient.merge_undone": _("Record: parted again"),
            "patient.shown": _("Record: shown"),
            "representation.recorded": _("Representative: recorded"),
            "representation.corrected": _("Representative: corrected"),
            "representation.ended": _("Representative: no longer acts"),
            "representation.linked": _("Representative: joined with their own record"),
            "representation.parted": _("Representative: parted from the record"),
            "consent.given": _("Consent: given"),
            "registry_entry.made": _("Registry entry: made"),
        },
    ),
    Group(
        _("Waitlist and calls"),
        {
            "waitlist.joined": _("Waitlist: put on it"),
            "waitlist.wished_earlier": _("Waitlist: counted from an earlier request"),
            "waitlist.changed": _("Waitlist: wishes changed"),
            "waitlist.taught": _("Waitlist: wishes narrowed by what was declined"),
            "waitlist.offered": _("Waitlist: time offered"),
            "waitlist.asked": _("Waitlist: asked by message about a time"),
            "waitlist.answered": _("Waitlist: answered about a time"),
            "waitlist.promised": _("Waitlist: call back promised"),
            "waitlist.called": _("Waitlist: phoned"),
            "waitlist.booked": _("Waitlist: booked"),
            "waitlist.unmet": _("Waitlist: nothing suited, does not wait"),
            "waitlist.urgency": _("Waitlist: urgency"),
            "waitlist.paused": _("Waitlist: asks not to be phoned for some days"),
            "waitlist.pause_ended": _("Waitlist: may be phoned again"),
            "waitlist.removed": _("Waitlist: taken off"),
            "waitlist.waits_on": _("Waitlist: waits on, was asked"),
            "waitlist.waits_again": _("Waitlist: waits again"),
            "waitlist.waits_for_earlier": _("Waitlist: waits for an earlier time"),
            "waitlist.booking_undone": _("Waitlist: waits again, the booking was undone"),
            "waitlist.handed_over": _("Request: handed over"),
            "waitlist.request_closed": _("Request: closed"),
            "task.claimed": _("Call: taken"),
            "recording.opened": _("Call: recording opened"),
            "task.taken_over": _("Call: taken from somebody"),
        },
    ),
    Group(
        _("Emergencies"),
        {
            "emergency.opened": _("Emergency: opened"),
            "emergency.taken": _("Emergency: taken"),
            "emergency.described": _("Emergency: described"),
            "emergency.linked": _("Emergency: joined with a patient's record"),
            "emergency.unlinked": _("Emergency: parted from the patient's record"),
            "emergency.mistaken": _("Emergency: opened by mistake"),
            "emergency.closed": _("Emergency: closed"),
            "emergency.reopened": _("Emergency: opened again"),
        },
    ),
    Group(
        _("Schedule"),
        {
            "schedule.rule_added": _("Hours: added"),
            "schedule.rule_changed": _("Hours: changed"),
            "schedule.rule_ended": _("Hours: ended"),
            "schedule.published": _("Schedule: published"),
            "schedule.withdrawn": _("Schedule: shift withdrawn"),
            "schedule.absence_added": _("Absence or closure: added"),
            "schedule.absence_removed": _("Absence or closure: taken back"),
            "slots.blocked": _("Times: closed by hand"),
            "slots.unblocked": _("Times: opened again"),
        },
    ),
    Group(
        _("Reference data"),
        {
            "organization.changed": _("The clinic: name, phone or address changed"),
            "location.added": _("Location: added"),
            "location.changed": _("Location: changed"),
            "location.removed": _("Location: removed"),
            "room.added": _("Room: added"),
            "room.changed": _("Room: changed"),
            "room.removed": _("Room: removed"),
            "specialty.added": _("Specialty: added"),
            "specialty.changed": _("Specialty: changed"),
            "specialty.removed": _("Specialty: removed"),
            "service.added": _("Service: added"),
            "service.changed": _("Service: changed"),
            "service.removed": _("Service: removed"),
            "service.rechecked": _("Service: visits ahead checked"),
            "doctor.added": _("Doctor: added"),
            "doctor.changed": _("Doctor: changed"),
            "doctor.removed": _("Doctor: removed"),
            "doctor.rechecked": _("Doctor: visits ahead checked"),
        },
    ),
    Group(
        _("People of the staff"),
        {
            "staff.head_made": _("Login: head made"),
            "staff.added": _("Login: added"),
            "staff.changed": _("Login: name or role changed"),
            "staff.blocked": _("Login: blocked"),
            "staff.unblocked": _("Login: opened again"),
            "staff.password_reset": _("Login: new password given"),
            "staff.new_password_asked": _("Login: new password asked for"),
            "staff.second_factor_taken_away": _("Login: second step taken away"),
        },
    ),
    Group(
        _("Sign-in"),
        {
            "staff.signed_in": _("Sign-in: done"),
            "staff.sign_in_failed": _("Sign-in: wrong password"),
            "staff.signed_out": _("Sign-in: signed out"),
            "staff.password_changed": _("Sign-in: own password changed"),
            "staff.second_factor_added": _("Sign-in: second step set up"),
            "staff.second_factor_removed": _("Sign-in: second step given up"),
            "staff.second_factor_reset": _("Sign-in: new recovery codes"),
            "staff.second_factor_failed": _("Sign-in: wrong code of the second step"),
            "staff.denied": _("Page: refused"),
            "page.shown": _("Page: opened"),
        },
    ),
    Group(
        _("System"),
        {
            "audit.exported": _("Journal: saved to a file"),
            "audit.verified": _("Journal: checked"),
            "lists.exported": _("Paper lists: written"),
            "keys.rotated": _("Keys: renewed"),
            "demo.built": _("Demo: built"),
        },
    ),
)
WORDS: "Mapping[str, Words]" = {act: words for group in GROUPS for act, words in group.acts.items()}
LOOKED_AT = ("patient.shown", "page.shown")
"""Acts that change nothing: by far the most of all rows."""
