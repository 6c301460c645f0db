from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonName:
    """The name of a person of the staff, in the three parts in which it is kept."""

    last_name: str
    first_name: str
    patronymic: str = ""

    def columns(self) -> dict[str, str]:
        return {"last_name": self.last_name, "first_name": self.first_name, "patronymic": self.patronymic}
