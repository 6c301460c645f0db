from back_office.urls import calls, desk, doctor, office, schedule

app_name = "office"
urlpatterns = [*office.urlpatterns, *desk.urlpatterns, *calls.urlpatterns, *schedule.urlpatterns, *doctor.urlpatterns]
