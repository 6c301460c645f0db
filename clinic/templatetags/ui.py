"""Icons, status tags and the clinic's phone for templates."""

from functools import cache

import lucide
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext

from back_office.presenters.statuses import status
from foundation.organization.card import as_known, clinic

register = template.Library()


register.filter("status", status)


@register.filter
def may(user: object, permission: str) -> bool:
    """Tells whether this person may open the page, to hide its link; the view's own rule keeps the page closed."""
    return bool(getattr(user, "is_authenticated", False)) and user.may(permission)  # type: ignore[attr-defined]


@register.filter
def in_years(age: int) -> str:
    """Writes an age out: «5 лет»."""
    return ngettext("%(years)s year", "%(years)s years", age) % {"years": age}


class OnceNode(template.Node):
    def __init__(self, content: template.NodeList) -> None:
        self.content = content
        self.written: dict[tuple[str | None, tuple[str, ...]], str] = {}

    def render(self, context: template.Context) -> str:
        language = context.get("LANGUAGE_CODE") or get_language()  # the page has asked at its top
        key = (language, as_known())
        if (text := self.written.get(key)) is None:
            text = self.content.render(context)
            self.written = {known: said for known, said in self.written.items() if known[1] == key[1]} | {key: text}
        return text


@register.tag
def once(parser: template.base.Parser, token: template.base.Token) -> OnceNode:
    """Renders `{% once %}…{% endonce %}` once per process and language: a header, a footer.

    What is inside may depend on the settings, the clinic's name, phone and address, and the language alone.
    """
    content = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(content)


@register.simple_tag
@cache
def icon(name: str, size: int = 18) -> SafeString:
    """An inline lucide icon, silent for screen readers: the words stand beside it."""
    svg = lucide._render_icon(str(name), size, **{"class": "icon", "aria-hidden": "true", "focusable": "false"})
    return mark_safe(svg)  # the package's own files


@register.simple_tag
def clinic_phone() -> SafeString:
    """Returns the clinic's phone for error pages, which have no context."""
    return format_html('<a href="tel:{}">{}</a>', clinic()["phone_e164"], clinic()["phone"])


@register.simple_tag
def clinic_name() -> str:
    return clinic()["name"]
