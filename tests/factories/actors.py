"""Factories of the staff and of the actors they are."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from foundation.accounts.actors import Actor, staff, system
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from worklist.models import OnDuty

TEST: Actor = system("test")
"""Does what has to be done before the test begins."""


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    role = Role.REGISTRAR
    username = factory.LazyAttributeSequence(lambda made, number: f"{made.role}{number}")
    password = "parol-12345"
    last_name, first_name, patronymic = "Тестова", "Вера", "Ильинична"

    @classmethod
    def _create(cls, model: type[User], **columns: object) -> User:
        return model.objects.create_user(**columns)


def user(role: str = Role.REGISTRAR, **columns: object) -> User:
    return UserFactory(role=role, **columns)


def actor(role: str = Role.REGISTRAR) -> Actor:
    return staff(user(role))


def there(number: int = 1) -> list[Actor]:
    """Makes operators who have a page of the office open now."""
    operators = [actor(Role.OPERATOR) for _ in range(number)]
    OnDuty.objects.bulk_create(OnDuty(by=each.ref, seen_at=timezone.now()) for each in operators)
    return operators
