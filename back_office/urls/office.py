from django.urls import path

from back_office.views import emergencies, home, outbox, styleguide

urlpatterns = [
    path("", home.home, name="home"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("emergencies/", emergencies.cases, name="emergencies"),
    path("emergencies/open/", emergencies.open_case, name="emergency_open"),
    path("emergencies/<uuid:case_id>/", emergencies.case, name="emergency"),
    path("outbox/", outbox.messages, name="outbox"),
]
