from django.urls import path

from back_office.views import rebooking

urlpatterns = [
    path("rebooking/<uuid:task_id>/", rebooking.call, name="rebooking_task"),
    path("rebooking/<uuid:task_id>/move/", rebooking.move, name="rebooking_move"),
    path("rebooking/<uuid:task_id>/told/", rebooking.told, name="rebooking_told"),
    path("rebooking/<uuid:task_id>/cancel/", rebooking.cancel, name="rebooking_cancel"),
    path("rebooking/<uuid:task_id>/representative/", rebooking.name_representative, name="rebooking_representative"),
    path("rebooking/<uuid:task_id>/keep/", rebooking.keep, name="rebooking_keep"),
    path("rebooking/<uuid:task_id>/outcome/", rebooking.finish, name="rebooking_finish"),
]
