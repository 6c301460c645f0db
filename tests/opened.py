"""A form as a browser sends it when nobody has touched it: with its version, and with what it shows."""

from django import forms
from django.test import Client


def as_opened(client: Client, url: str) -> dict[str, str | list[str]]:
    return as_sent(form_of(client.get(url)))


def form_of(page) -> forms.BaseForm:
    """The form of a page of the office, or of the stock admin."""
    return page.context["adminform"].form if "adminform" in page.context else page.context["form"]


def as_sent(form: forms.BaseForm) -> dict[str, str | list[str]]:
    sent = {bound.html_name: _value(bound) for bound in form if not bound.field.disabled}
    return {name: value for name, value in sent.items() if value is not None}


def _value(bound: forms.BoundField) -> str | list[str] | None:
    widget, value = bound.field.widget, bound.value()
    widget = getattr(widget, "widget", widget)  # the admin wraps those that name another row
    if isinstance(widget, forms.CheckboxInput):
        return "on" if value else None
    shown = widget.format_value(value)
    return [str(each) for each in shown] if isinstance(shown, list | tuple) else str(shown or "")
