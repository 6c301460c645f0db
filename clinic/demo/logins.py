from collections.abc import Iterable

from django.contrib.auth.hashers import make_password

from clinic.accounts.choices import Role
from clinic.accounts.demo import DEMO_PASSWORD, DemoLogin
from clinic.accounts.models import User


def build(logins: Iterable[DemoLogin]) -> list[User]:
    """All with the one password of the demo. The head may also enter the stock admin."""
    password = make_password(DEMO_PASSWORD)
    return User.objects.bulk_create(
        User(
            username=login.username,
            password=password,
            role=login.role,
            last_name=login.name[0],
            first_name=login.name[1],
            patronymic=login.name[2],
            is_staff=login.role == Role.HEAD,
            is_superuser=login.role == Role.HEAD,
        )
        for login in logins
    )
