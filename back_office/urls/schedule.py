from django.urls import path

from back_office.views import schedule

urlpatterns = [
    path("schedule/", schedule.doctors, name="schedule"),
]
