from django.urls import path

from back_office.views import appointments, booking, day, find_time, merge, overbook, patients, representatives

urlpatterns = [
    path("day/", day.day, name="day"),
    path("patients/", patients.patients, name="patients"),
    path("patients/new/", patients.new, name="patient_new"),
    path("patients/new/doubles/", patients.doubles, name="patient_doubles"),
    path("patients/<uuid:patient_id>/", patients.card, name="patient"),
    path("patients/<uuid:patient_id>/edit/", patients.edit, name="patient_edit"),
    path("patients/<uuid:patient_id>/merge/", merge.merge, name="patient_merge"),
    path("patients/<uuid:patient_id>/merge/<uuid:merge_id>/undo/", merge.undo, name="patient_merge_undo"),
    path("patients/<uuid:patient_id>/representative/", representatives.new, name="representative_new"),
    path(
        "patients/<uuid:patient_id>/representative/<uuid:representation_id>/edit/",
        representatives.edit,
        name="representative_edit",
    ),
    path(
        "patients/<uuid:patient_id>/representative/<uuid:representation_id>/own-record/",
        representatives.link,
        name="representative_link",
    ),
    path(
        "patients/<uuid:patient_id>/representative/<uuid:representation_id>/end/",
        representatives.end,
        name="representative_end",
    ),
    path("hold/", booking.hold, name="hold"),
    path("book/<uuid:slot_id>/", booking.book, name="book"),
    path("book/<uuid:slot_id>/drop/", booking.drop, name="book_drop"),
    path("book/<uuid:slot_id>/free/", booking.free, name="hold_free"),
    path("find-time/", find_time.find_time, name="find_time"),
    path("find-time/hand-over/", find_time.hand_over, name="hand_over"),
    path("overbook/<uuid:slot_id>/", overbook.overbook, name="overbook"),
    path("appointments/<uuid:appointment_id>/", appointments.appointment, name="appointment"),
    path("appointments/<uuid:appointment_id>/ticket/", appointments.ticket, name="ticket"),
    path("appointments/<uuid:appointment_id>/informed/", appointments.informed, name="appointment_informed"),
    path("appointments/<uuid:appointment_id>/send-again/", appointments.send_again, name="appointment_send_again"),
    path(
        "appointments/<uuid:appointment_id>/representative/",
        appointments.representative,
        name="appointment_representative",
    ),
    path("appointments/<uuid:appointment_id>/confirm/", appointments.confirm, name="appointment_confirm"),
    path("appointments/<uuid:appointment_id>/arrive/", appointments.arrive, name="appointment_arrive"),
    path("appointments/<uuid:appointment_id>/back/", appointments.take_back, name="appointment_back"),
    path("appointments/<uuid:appointment_id>/again/", appointments.reinstate, name="appointment_again"),
    path("appointments/<uuid:appointment_id>/no-show/", appointments.noshow, name="appointment_noshow"),
    path("appointments/<uuid:appointment_id>/move/", appointments.move, name="appointment_move"),
    path("appointments/<uuid:appointment_id>/cancel/", appointments.cancel, name="appointment_cancel"),
    path("appointments/<uuid:appointment_id>/mistake/", appointments.mistake, name="appointment_mistake"),
]
