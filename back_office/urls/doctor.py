from django.urls import path

from back_office.views import doctor

urlpatterns = [
    path("my-day/", doctor.my_day, name="my_day"),
]
