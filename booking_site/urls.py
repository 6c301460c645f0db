from django.urls import path

from booking_site.views import code, details, freed_time, home, no_code, prove, request_state, times, visit, wishes

app_name = "site"
urlpatterns = [
    path("", home.home, name="home"),
    path("consent/", home.consent, name="consent"),
    path("book/", times.choose, name="choose"),
    path("book/time/", times.take, name="take"),
    path("book/details/", details.details, name="details"),
    path("book/details/extend/", details.extend, name="extend"),
    path("book/once-more/", details.once_more, name="once_more"),
    path("book/enough/", details.enough, name="enough"),
    path("book/code/", code.code, name="code"),
    path("book/code/again/", code.again, name="code_again"),
    path("book/code/call-me/", no_code.call_me, name="call_me"),
    path("book/code/we-call/", no_code.we_call, name="we_call"),
    path("book/prove/", prove.prove, name="prove"),
    path("book/prove/code/", prove.prove_code, name="prove_code"),
    path("book/<slug:slug>/", times.specialty, name="specialty"),
    path("book/<slug:slug>/days/", times.days, name="days"),
    path("book/<slug:slug>/day/", times.day, name="day"),
    path("book/<slug:slug>/request/", wishes.leave, name="request"),
    path("doctor/<slug:slug>/", times.doctor, name="doctor"),
    path("r/<slug:token>/", request_state.request_state, name="request_state"),
    path("r/<slug:token>/cancel/", request_state.cancel, name="request_cancel"),
    path("t/<slug:token>/", freed_time.freed_time, name="freed_time"),
    path("v/<slug:token>/", visit.visit, name="visit"),
    path("v/<slug:token>/visit.ics", visit.calendar, name="visit_calendar"),
    path("v/<slug:token>/remind/", visit.remind, name="visit_remind"),
    path("v/<slug:token>/cancel/", visit.cancel, name="visit_cancel"),
    path("v/<slug:token>/move/", visit.move, name="visit_move"),
]
