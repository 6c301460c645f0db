"""The invented staff of the demo clinic. Their password is no secret: it is printed and shown in demo mode only."""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from foundation.accounts.choices import Role
from foundation.accounts.models import User

DEMO_PASSWORD = "mediluna-demo"


class DemoLogin(NamedTuple):
    role: Role
    username: str
    name: tuple[str, str, str]

    @property
    def label(self) -> str:
        return str(self.role.label)

    @property
    def password(self) -> str:
        return DEMO_PASSWORD


DEMO_LOGINS = (
    DemoLogin(Role.REGISTRAR, "registrar", ("Ковалёва", "Анна", "Сергеевна")),
    DemoLogin(Role.OPERATOR, "operator", ("Миронова", "Ольга", "Викторовна")),
    DemoLogin(Role.SCHEDULE_ADMIN, "schedule", ("Фомин", "Игорь", "Павлович")),
    DemoLogin(Role.DOCTOR, "doctor", ("Белова", "Анна", "Сергеевна")),
    DemoLogin(Role.HEAD, "head", ("Зимина", "Вера", "Николаевна")),
)


def build(logins: Iterable[DemoLogin]) -> list[User]:
    """Makes the logins, all with the one password of the demo. The head may also enter the stock admin."""
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
