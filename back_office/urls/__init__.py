from back_office.urls import calls, desk, doctor, office, rebooking, reference, schedule

app_name = "office"
urlpatterns = [
    *office.urlpatterns,
    *desk.urlpatterns,
    *calls.urlpatterns,
    *rebooking.urlpatterns,
    *schedule.urlpatterns,
    *doctor.urlpatterns,
    *reference.urlpatterns,
]
