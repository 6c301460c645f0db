from uuid import uuid4

import booking
from foundation.accounts.choices import Role
from scheduling.models import Doctor
from tests import factories as make
from tests.browser.pages.states import came_today


def test_the_doctors_day(clinic, as_role):
    doctor = make.user(Role.DOCTOR)
    walk = as_role(Role.DOCTOR, doctor)
    walk.to("office:my_day")
    Doctor.objects.filter(pk=clinic.doctor.pk).update(user=doctor)
    walk.to("office:my_day")
    coming = make.appointment(clinic.free[0], of=clinic.child, representative=clinic.mother)
    seen = came_today(make.appointment(clinic.free[1], of=clinic.adult))
    walk.to("office:my_day").to("office:my_day", query=clinic.tomorrow).to("office:my_visit", coming.pk)
    booking.check_in(appointment=seen.pk, by=make.TEST)
    booking.finish(appointment=seen.pk, by=make.TEST)
    walk.to("office:my_day").to("office:my_visit", seen.pk)
    walk.to("office:follow_up", seen.pk)
    make.shift(clinic.doctor, days=10)
    walk.to("office:follow_up", seen.pk, query="weeks=1").to("office:follow_up", seen.pk, query="weeks=0", status=422)
    taken = {"slot": clinic.free[0].pk, "service": clinic.service.pk, "weeks": 1, "key": uuid4()}
    walk.send("office:follow_up", seen.pk, status=409, **taken)
    walk.to("office:day", status=403)
