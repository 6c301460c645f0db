"""The invented staff of the demo clinic. Their password is no secret: it is printed and shown in demo mode only."""

from typing import NamedTuple

from clinic.accounts.choices import Role

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
