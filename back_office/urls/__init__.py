from back_office.urls import calls, desk, doctor, exchange, figures, office, rebooking, reference, schedule, team

app_name = "office"
urlpatterns = [
    *office.urlpatterns,
    *desk.urlpatterns,
    *calls.urlpatterns,
    *rebooking.urlpatterns,
    *schedule.urlpatterns,
    *doctor.urlpatterns,
    *reference.urlpatterns,
    *team.urlpatterns,
    *figures.urlpatterns,
    *exchange.urlpatterns,
]
