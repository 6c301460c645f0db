from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from foundation.guard.by_hand import OPENED, UNSEEN, drawn_now

register = template.Library()


@register.simple_tag
def by_hand() -> SafeString:
    """Draws the fields by which a form that no person has filled in is known; nobody sees or reaches the second."""
    return format_html(
        '<input type="hidden" name="{}" value="{}">'
        '<div hidden><input name="{}" tabindex="-1" autocomplete="off"></div>',
        OPENED,
        drawn_now(),
        UNSEEN,
    )
