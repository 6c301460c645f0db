from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):
    """Staff logins are made by the head of the clinic: nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
