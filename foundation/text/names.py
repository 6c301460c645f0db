"""Puts the parts of a person's name together."""


def full_name(last_name: str, first_name: str, patronymic: str = "") -> str:
    """Returns «Орлова Мария Ивановна»: surname, name and patronymic, as R13 wants them told."""
    return _joined(last_name, first_name, patronymic)


def short_name(last_name: str, first_name: str, patronymic: str = "", *, between: str = " ") -> str:
    """Returns «Орлова М. И.» for a narrow cell; «Орлова М.И.» with nothing `between` the initials."""
    return _joined(last_name, between.join(f"{part[0]}." for part in (first_name, patronymic) if part))


def salutation(first_name: str, patronymic: str = "") -> str:
    """Returns «Мария Ивановна», or the name alone where there is no patronymic."""
    return _joined(first_name, patronymic)


def name_at_work(last_name: str, first_name: str) -> str:
    """Returns «Мария О.», as colleagues say it; empty unless both names are known."""
    return f"{first_name} {last_name[0]}." if first_name and last_name else ""


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
