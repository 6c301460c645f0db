"""Reads what has come to a phone, as the person who holds it reads it."""

import re

from notifications import rendering
from notifications.models import Message
from notifications.sealing import unseal


def text_of(template, **which):
    """Returns the text of the only such message."""
    return rendering.to_show(Message.objects.get(template=template, **which), secrets=True)


def code_of(phone=None):
    """Returns the code sent last, to this phone or to any."""
    sent = Message.objects.filter(template="code", **({"address": phone} if phone else {})).latest("created_at")
    return unseal(sent.sealed, message=sent.pk)["code"]


def first_link():
    """Returns the path that the first message about a booking leads to."""
    words = rendering.to_show(Message.objects.filter(template="booked").earliest("created_at"), secrets=True)
    return re.search(r"/v/[\w-]+/", words)[0]
