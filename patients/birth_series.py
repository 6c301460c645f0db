"""The Roman numeral in the series of a birth certificate, which people type with whatever looks like it."""

import re

PATTERN = r"(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})-[А-ЯЁ]{2}"
_ROMAN = re.compile(r"(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_BY_LOOK = str.maketrans(
    {
        **dict.fromkeys("1|!ІIі", "I"),
        **dict.fromkeys("УуYyvV", "V"),
        **dict.fromkeys("ХхXx", "X"),
        **dict.fromkeys("ЛL", "L"),
        **dict.fromkeys("СсCc", "C"),
        **dict.fromkeys("Пп", "II"),
        **dict.fromkeys("Шш", "III"),
    }
)
_ARABIC = {"2": "II", "3": "III", "4": "IV", "5": "V", "6": "VI", "7": "VII", "8": "VIII", "9": "IX"}


def numeral(typed: str) -> str:
    """Reads «П», «Ш», «lll», «1У», «lV» and «4» as II, III, III, IV, IV and IV; empty for what is no numeral.

    A small «l» is I where that makes a numeral, and L where only that does; so is a large one the other way round.
    """
    text = re.sub(r"[\s.\-]", "", typed).translate(_BY_LOOK).replace("i", "I")
    if typed in _ARABIC:
        return _ARABIC[typed]
    ways = (text.replace("l", "I"), text.replace("l", "L"), text.replace("l", "I").replace("L", "I"))
    return next((way for way in ways if _ROMAN.fullmatch(way)), "")
