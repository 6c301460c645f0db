from django.urls import path

from booking_site.views import home

app_name = "site"
urlpatterns = [path("", home.home, name="home")]
