"""Form fields for names: they are kept as people write them, and one way for both doors."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.text.folding import fold
from foundation.text.signs import visible
from foundation.text.whole_names import surname_in

LONGEST = 60
_SIGNS = set(" .,()'`´‘’‛′＇−⁃˗")
"""What stands in a name beside letters and hyphens."""
_NONE = {"", "нет", "нету", "нет отчества", "без отчества", "отсутствует", "не имеет", "н/д", "нд", "б/о", "none"}


class NameField(forms.CharField):
    """A form field for a name or a part of one, in any letters; of what was typed only invisible signs are left out.

    In guillemets a name is meant word for word. There is no longest text for the browser, which would cut in silence.
    """

    default_error_messages = {
        "not_letters": _("Write the name in letters."),
        "too_long": _("There is room for %(longest)s letters here. Shorten the name."),
    }

    def __init__(self, *, longest: int = LONGEST, **options: Any) -> None:
        """Takes the options of a CharField but for its longest and shortest text."""
        super().__init__(**options)
        self.longest = longest

    def to_python(self, value: object) -> str:
        text = visible(str(value or ""))
        return text[1:-1].strip() if is_word_for_word(text) else text

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not is_a_name(value):
            raise ValidationError(self.error_messages["not_letters"], code="not_letters")
        if len(value) > self.longest:
            raise ValidationError(self.error_messages["too_long"], code="too_long", params={"longest": self.longest})


class PatronymicField(NameField):
    """A form field for a patronymic: «нет», a dash and their like are said by those who have none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False} | options)

    def to_python(self, value: object) -> str:
        text = super().to_python(value)
        return "" if fold(text).strip(" .-_/") in _NONE else text


def is_a_name(text: str) -> bool:
    """Tells whether a text is letters, with apostrophes, hyphens and marks among them: no digits and no pictures."""
    kinds = [unicodedata.category(sign) for sign in text if sign not in _SIGNS]
    return all(kind[0] in "LM" or kind == "Pd" for kind in kinds) and any(kind[0] == "L" for kind in kinds)


def is_word_for_word(text: str) -> bool:
    return len(text) > 2 and text.startswith("«") and text.endswith("»")


class NamesForm(forms.Form):
    """A form with a surname, a name and a patronymic: it asks about a surname that looks like all three."""

    def clean(self) -> None:
        super().clean()
        for prefix in self.named():
            self._ask_about(f"{prefix}last_name", f"{prefix}first_name", f"{prefix}patronymic")

    def named(self) -> tuple[str, ...]:
        """Returns what the fields of each name begin with."""
        return ("",)

    def _ask_about(self, last_name: str, first_name: str, patronymic: str) -> None:
        surname = self.cleaned_data.get(last_name, "")
        names = {name: self.cleaned_data.get(name, "") for name in (first_name, patronymic)}
        short = surname_in(surname, first_name=names[first_name], patronymic=names[patronymic])
        if short is None or last_name not in self.changed_data or is_word_for_word(visible(self[last_name].value())):
            return
        sentence = _("The whole name seems to stand here. Leave the surname alone and write the rest in its fields.")
        meant = [*filter(None, [short]), f"«{surname}»"]
        self.add_error(last_name, ValidationError(sentence, code="whole_name", params={"meant": meant}))
