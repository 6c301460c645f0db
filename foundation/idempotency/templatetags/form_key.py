from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from uuid_utils.compat import uuid7

from foundation.idempotency.once import FIELD

register = template.Library()


@register.simple_tag
def form_key() -> SafeString:
    """A hidden field with a key of its own for each drawing of a form: sent twice, the form counts once."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid7().hex)
