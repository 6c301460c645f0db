"""A field for the moment of a row, by the one clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Model

from foundation.database import clock


class CreatedAtField(DateTimeField):
    """The moment at which a row is inserted, by the clock of the database: `auto_now_add` asks that of the process.

    The column is that of a `DateTimeField`, and so is what migrations know of it.
    """

    def __init__(self, *args: Any, **options: Any) -> None:  # what any field takes
        super().__init__(*args, **options | {"auto_now_add": True})

    def pre_save(self, model_instance: Model, add: bool) -> datetime:
        if self.auto_now_add and add:
            setattr(model_instance, self.attname, clock.now())
        return getattr(model_instance, self.attname)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, options
