from django.urls import path

from back_office.views import absences, hours, schedule, shifts

urlpatterns = [
    path("schedule/", schedule.doctors, name="schedule"),
    path("schedule/closures/", absences.closures, name="closures"),
    path("schedule/closures/add/", absences.close, name="closure_add"),
    path("schedule/<uuid:doctor_id>/", schedule.doctor_schedule, name="doctor_schedule"),
    path("schedule/<uuid:doctor_id>/hours/", hours.add, name="rule_add"),
    path("schedule/<uuid:doctor_id>/away/", absences.add, name="absence_add"),
    path("schedule/<uuid:doctor_id>/publish/", schedule.publish, name="publish"),
    path("schedule/hours/<uuid:rule_id>/", hours.edit, name="rule_edit"),
    path("schedule/hours/<uuid:rule_id>/end/", hours.end, name="rule_end"),
    path("schedule/away/<uuid:absence_id>/", absences.absence, name="absence"),
    path("schedule/away/<uuid:absence_id>/remove/", absences.remove, name="absence_remove"),
    path("schedule/shifts/<uuid:shift_id>/", shifts.shift, name="shift"),
    path("schedule/shifts/<uuid:shift_id>/slots/", shifts.slots, name="shift_slots"),
    path("schedule/shifts/<uuid:shift_id>/withdraw/", shifts.withdraw, name="shift_withdraw"),
]
