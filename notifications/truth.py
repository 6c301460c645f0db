"""A message that is about to leave is judged once more, by the rooms that know what it tells about."""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from notifications.models import Message

Judge = Callable[[Message], bool]
"""It tells whether a message is still true, in the transaction that lets it go.

It may put another message in place of an untrue one.
"""


def holds(message: Message) -> bool:
    """Tells whether the message is still true; one that settings name no judge for is."""
    name = settings.MESSAGE_JUDGES.get(message.template)
    if name is None:
        return True
    judge: Judge = import_string(name)
    return judge(message)
