"""Template tags of the components in `templates/components/`; the style guide shows each.

A thing of one element is a class and no component: a button, a card. The fields of a form are included as they are.
"""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from back_office.presenters.statuses import Status
from back_office.presenters.statuses import status as status_of

register = template.Library()


@register.simple_block_tag
def notice(
    content: str,
    kind: str = "info",
    *,
    title: object = "",
    alert: bool | None = None,
    focus: bool = False,
    id: str = "",
) -> SafeString:
    """A notice of a `kind`: info, success, warning or danger, which is read out at once (`alert`).

    `focus` moves the keyboard focus to it.
    """
    alert = kind == "danger" if alert is None else alert
    return _drawn("notice", content=content, kind=kind, title=title, alert=alert, focus=focus, id=id)


@register.simple_block_tag
def nothing(content: str, title: str) -> SafeString:
    """A text in place of an empty list: what is not there, and within the block what to do next."""
    return _drawn("nothing", content=content, title=title)


@register.simple_block_tag
def table(content: str, label: str = "", *, labelledby: str = "", stack: bool = False) -> SafeString:
    """A table around its rows; a wide one scrolls, with the keyboard too.

    `stack`: on a narrow screen each row is a small card.
    """
    return _drawn("table", content=content, label=label, labelledby=labelledby, stack=stack)


@register.inclusion_tag("components/facts.html")
def facts(*, doctor: str, address: str, date: str, time: str) -> dict[str, str]:
    """The four facts of a visit (R13), each as ready text."""
    return {"doctor": doctor, "address": address, "date": date, "time": time}


@register.inclusion_tag("components/status.html")
def status(code: object, label: object = "") -> dict[str, object]:
    """The state of a time or a visit; `label` is another word for it."""
    state: Status = status_of(code)
    return {"state": state, "label": label or state.label}


def _drawn(name: str, **parts: object) -> SafeString:
    return render_to_string(f"components/{name}.html", parts)
