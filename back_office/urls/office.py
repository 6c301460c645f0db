from django.urls import path

from back_office.views import audit, emergencies, home, outbox, styleguide, undo

urlpatterns = [
    path("", home.home, name="home"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("emergencies/", emergencies.cases, name="emergencies"),
    path("emergencies/open/", emergencies.open_case, name="emergency_open"),
    path("emergencies/alarm/", emergencies.alarm, name="emergency_alarm"),
    path("emergencies/day/", emergencies.of_day, name="emergency_day"),
    path("emergencies/<uuid:case_id>/", emergencies.case, name="emergency"),
    path("emergencies/<uuid:case_id>/take/", emergencies.take, name="emergency_take"),
    path("emergencies/<uuid:case_id>/mistake/", emergencies.mistake, name="emergency_mistake"),
    path("emergencies/<uuid:case_id>/reopen/", emergencies.reopen, name="emergency_reopen"),
    path("emergencies/<uuid:case_id>/patient/", emergencies.patient, name="emergency_patient"),
    path("undo/", undo.undo, name="undo"),
    path("outbox/", outbox.messages, name="outbox"),
    path("audit/", audit.rows, name="audit"),
    path("audit/export/", audit.export, name="audit_export"),
]
