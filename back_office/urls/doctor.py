from django.urls import path

from back_office.views import doctor

urlpatterns = [
    path("my-day/", doctor.my_day, name="my_day"),
    path("my-day/<uuid:visit_id>/", doctor.visit, name="my_visit"),
    path("my-day/<uuid:visit_id>/start/", doctor.start, name="my_visit_start"),
    path("my-day/<uuid:visit_id>/finish/", doctor.finish, name="my_visit_finish"),
    path("my-day/<uuid:visit_id>/follow-up/", doctor.follow_up, name="follow_up"),
    path("my-day/<uuid:visit_id>/informed/", doctor.informed, name="my_visit_informed"),
]
