from django.urls import path

from api import exchange

app_name = "api"
urlpatterns = [path("calls/", exchange.calls, name="exchange_calls")]
