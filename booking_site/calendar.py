from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from scheduling.models import Appointment

DAY = timedelta(days=1)


def calendar_file(visit: Appointment) -> bytes:
    """Returns the visit for the patient's own calendar: four facts, at the hour there, and no specialty."""
    clinic = settings.CLINIC
    event = Event()
    event.add("uid", f"{visit.link_hash[:32]}@{clinic['site'].split('//')[-1]}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", visit.local_start)
    event.add("dtend", visit.local_end)
    event.add("summary", _("Visit to %(clinic)s") % {"clinic": clinic["name"]})
    event.add("location", visit.room.location.address)
    event.add("description", f"{visit.doctor.full_name}\n{clinic['phone']}")
    calendar = Calendar()
    calendar.add("prodid", f"-//{clinic['name']}//booking//RU")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones(first_date=visit.local_start.date(), last_date=visit.local_end.date() + DAY)
    return calendar.to_ical()
