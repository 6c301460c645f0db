"""The public pages say times and prices in these words."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, ngettext

from foundation import wording
from foundation.clock import WallTime, today_on

register = template.Library()


@register.filter
def spoken_time(wall: WallTime) -> str:
    return wording.spoken_time(wall)


@register.filter
def spoken_day(day: date | WallTime) -> str:
    if isinstance(day, WallTime):
        return wording.spoken_day(day.date(), today=today_on(day))
    return wording.spoken_day(day, today=timezone.localdate())


@register.filter
def lasting_day(wall: WallTime) -> str:
    """Says «вторник, 24 ноября 2026» on a page that is read again later, where «завтра» would lie."""
    return format_date(wall.date(), "l, j E Y")


@register.filter
def rubles(price: Decimal) -> str:
    """Says «2 400 ₽» so that it never breaks across lines."""
    whole = price == int(price)
    text = f"{price:,.{0 if whole else 2}f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return f"{text}\N{NO-BREAK SPACE}₽"


@register.filter
def duration(minutes: int) -> str:
    """Says «30 минут»."""
    return _duration(minutes, get_language())


@lru_cache(maxsize=200)
def _duration(minutes: int, language: str | None) -> str:
    return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes}
