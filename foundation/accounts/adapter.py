from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):
    """Closes the sign-up: logins of the staff are made by the head of the clinic."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
