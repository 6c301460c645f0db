from django.urls import path

from back_office.views import figures

urlpatterns = [
    path("figures/", figures.first, name="figures_first"),
    path("figures/<slug:question>/", figures.question, name="figures"),
    path("figures/<slug:question>/xlsx/", figures.file, name="figures_file"),
]
