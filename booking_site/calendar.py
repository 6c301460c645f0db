"""Gives the patient's own calendar a visit, or takes it back: the same event with a higher number."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from foundation.organization.card import clinic
from scheduling import links
from scheduling.models import Appointment

DAY = timedelta(days=1)
REMINDS = timedelta(hours=2)
"""So long before the visit the calendar reminds of it."""


def calendar_file(visit: Appointment) -> bytes:
    """Returns the visit for a calendar: four facts, at the hour there, and no specialty.

    A calendar takes the file with the highest number of an event: it rises with every move, and once more with the end.
    """
    cancelled = not visit.is_upcoming
    calendar = Calendar()
    calendar.add("prodid", f"-//{clinic()['name']}//booking//RU")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(_event(visit, cancelled=cancelled))
    calendar.add_missing_timezones(first_date=visit.local_start.date(), last_date=visit.local_end.date() + DAY)
    return calendar.to_ical()


def _event(visit: Appointment, *, cancelled: bool) -> Event:
    us, event = clinic(), Event()
    event.add("uid", f"{visit.pk}@{us['site'].split('//')[-1]}")
    event.add("sequence", visit.events.filter(kind="moved").count() + cancelled)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", visit.local_start)
    event.add("dtend", visit.local_end)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("summary", _("Visit to %(clinic)s") % {"clinic": us["name"]})
    event.add("location", visit.room.location.address)
    event.add("description", f"{visit.doctor.full_name}\n{us['phone']}")
    event.add("url", links.url_of(visit))
    if not cancelled:
        event.add_component(_alarm())
    return event


def _alarm() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMINDS)
    alarm.add("description", _("Visit to %(clinic)s") % {"clinic": clinic()["name"]})
    return alarm
