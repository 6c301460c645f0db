from django.urls import path

from back_office.views import schedule

urlpatterns = [
    path("schedule/", schedule.doctors, name="schedule"),
    path("schedule/<uuid:doctor_id>/", schedule.doctor_schedule, name="doctor_schedule"),
    path("schedule/<uuid:doctor_id>/hours/", schedule.rule_add, name="rule_add"),
    path("schedule/<uuid:doctor_id>/away/", schedule.absence_add, name="absence_add"),
    path("schedule/<uuid:doctor_id>/publish/", schedule.publish, name="publish"),
    path("schedule/hours/<uuid:rule_id>/", schedule.rule_edit, name="rule_edit"),
    path("schedule/hours/<uuid:rule_id>/end/", schedule.rule_end, name="rule_end"),
    path("schedule/away/<uuid:absence_id>/", schedule.absence, name="absence"),
    path("schedule/away/<uuid:absence_id>/remove/", schedule.absence_remove, name="absence_remove"),
    path("schedule/shifts/<uuid:shift_id>/", schedule.shift, name="shift"),
    path("schedule/shifts/<uuid:shift_id>/slots/", schedule.shift_slots, name="shift_slots"),
    path("schedule/shifts/<uuid:shift_id>/withdraw/", schedule.shift_withdraw, name="shift_withdraw"),
]
