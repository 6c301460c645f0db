from django.urls import include, path

from bench import floors

urlpatterns = [
    path("bench/floor/ok/", floors.ok),
    path("bench/floor/select/", floors.select),
    path("bench/floor/five/", floors.five),
    path("", include("clinic.urls")),
]
