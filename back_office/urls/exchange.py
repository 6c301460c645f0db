from django.urls import path

from back_office.views import exchange

urlpatterns = [
    path("calling/", exchange.calling, name="calling"),
    path("missed-calls/<uuid:task_id>/", exchange.missed_call, name="missed_call"),
    path("missed-calls/<uuid:task_id>/reached/", exchange.reached, name="missed_reached"),
    path("missed-calls/<uuid:task_id>/not-reached/", exchange.not_reached, name="missed_not_reached"),
    path("exchange/", exchange.calls, name="exchange"),
    path("exchange/<uuid:call_id>/recording/", exchange.recording, name="recording"),
]
