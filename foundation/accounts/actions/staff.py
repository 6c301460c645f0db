"""Logins of the staff."""

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from foundation.accounts.choices import Role
from foundation.accounts.errors import LoginTaken
from foundation.accounts.models import User


@transaction.atomic
def make_head(*, login: str, last_name: str, first_name: str, patronymic: str = "", password: str) -> User:
    """Makes a head of the clinic.

    Raises LoginTaken, and Django's ValidationError with a sentence for each thing that is wrong.
    """
    names = {"last_name": last_name, "first_name": first_name, "patronymic": patronymic}
    head = User(username=User.normalize_username(login), role=Role.HEAD, **names)
    head.set_password(password)
    head.clean_fields()
    if User.objects.filter(username__iexact=head.username).exists():
        raise LoginTaken
    validate_password(password, head)
    head.save()
    return head
