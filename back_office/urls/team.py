from django.urls import path

from back_office.views import team

urlpatterns = [
    path("team/", team.team, name="team"),
    path("team/part/", team.part, name="team_part"),
    path("team/<uuid:claim_id>/take/", team.take, name="team_take"),
]
