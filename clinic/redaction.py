"""Keeps the links of patients out of all logs (T42): whoever reads a log could open and cancel their visits."""

import logging
import re
from typing import Any

_OF_A_LINK = re.compile(r"((?:/|%2[fF])v(?:/|%2[fF]))[\w%~.-]+")
_BY_NAME = re.compile(r"""(\btoken['"]?\s*[:=]\s*['"]?)[\w-]{8,}""")


def redact(text: str) -> str:
    """Returns the text without the tokens of links, as they stand in addresses, arguments and frames."""
    return _BY_NAME.sub(r"\1…", _OF_A_LINK.sub(r"\1…", text))


class Redacting(logging.Formatter):
    """Formats as another formatter does, and redacts the whole: the message, its arguments, the traceback."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self.inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return redact(self.inner.format(record))


def plain(**options: Any) -> Redacting:
    """Makes the formatter that the settings name; the options are those of `logging.Formatter`."""
    return Redacting(logging.Formatter(**options))


def redact_handlers(logger: logging.Logger, **sent: object) -> None:
    """Redacts whatever the handlers of a logger write; Celery says when its own are set up."""
    for handler in logger.handlers:
        if not isinstance(handler.formatter, Redacting):
            handler.setFormatter(Redacting(handler.formatter or logging.Formatter()))
