from django.urls import path

from back_office.views import caller, calls, requests, waitlist

urlpatterns = [
    path("calls/", calls.calls, name="calls"),
    path("calls/queue/", calls.queue, name="calls_queue"),
    path("calls/next/", calls.claim_next, name="call_next"),
    path("calls/requests/<uuid:request_id>/enter/", requests.enter_request, name="request_enter"),
    path("calls/requests/<uuid:request_id>/close/", requests.close_request, name="request_close"),
    path("calls/<uuid:offer_id>/", calls.call, name="call"),
    path("calls/<uuid:offer_id>/claim/", calls.claim, name="call_claim"),
    path("calls/<uuid:offer_id>/alive/", calls.keep_alive, name="call_alive"),
    path("calls/<uuid:offer_id>/outcome/", calls.finish, name="call_finish"),
    path("calls/<uuid:offer_id>/book/", calls.book, name="call_book"),
    path("calls/<uuid:offer_id>/back/", calls.give_back, name="call_give_back"),
    path("caller/", caller.caller, name="caller"),
    path("caller/new/", caller.new_patient, name="caller_new"),
    path("caller/new/doubles/", caller.doubles, name="caller_doubles"),
    path("caller/<uuid:patient_id>/", caller.wishes, name="caller_wishes"),
    path("caller/<uuid:patient_id>/represent/", caller.represent, name="caller_represent"),
    path("caller/<uuid:patient_id>/book/", caller.book, name="caller_book"),
    path("caller/<uuid:patient_id>/join/", caller.join, name="caller_join"),
    path("waitlist/", waitlist.waitlist, name="waitlist"),
    path("waitlist/join/", waitlist.join, name="waitlist_join"),
    path("waitlist/<uuid:entry_id>/", waitlist.entry, name="entry"),
    path("waitlist/<uuid:entry_id>/wishes/", waitlist.change, name="entry_change"),
    path("waitlist/<uuid:entry_id>/again/", waitlist.wait_again, name="entry_again"),
    path("waitlist/<uuid:entry_id>/remove/", waitlist.remove, name="entry_remove"),
    path("waitlist/<uuid:entry_id>/book/", waitlist.book, name="entry_book"),
]
