from allauth.account import views as account
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from clinic import health
from clinic.first_run_page import first_run
from clinic.sign_out import sign_out

urlpatterns = [
    path("", include("booking_site.urls")),
    path("office/sign-in/", account.login, name="account_login"),
    path("office/sign-out/", sign_out, name="account_logout"),
    path("office/password/", account.password_change, name="account_change_password"),
    path("office/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("office/second-step/", include("allauth.mfa.urls")),
    path("office/sessions/", include("allauth.usersessions.urls")),
    path("office/first-run/", first_run, name="first_run"),
    path("office/admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("office/admin/", admin.site.urls),
    path("office/", include("back_office.urls")),
    path("exchange/", include("api.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
handler400 = "clinic.error_pages.bad_request"
handler403 = "clinic.error_pages.permission_denied"
handler404 = "clinic.error_pages.page_not_found"
handler500 = "clinic.error_pages.server_error"
if settings.DEBUG_TOOLBAR:
    urlpatterns.append(path("debug/", include("debug_toolbar.urls")))
