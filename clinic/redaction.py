"""Keeps the links of patients out of all logs (T42): whoever reads a log could open and cancel their visits.

Rows that the database refuses, which it quotes whole with names and phones, stay out too (ASVS 16.2.5). A record begins
where a line begins, and says when in which zone, whatever people have typed (ASVS 16.2.2, 16.4.1).
"""

import copy
import logging
import re
from datetime import datetime
from typing import Any

_OF_A_LINK = re.compile(r"((?:/|%2[fF])[rtv](?:/|%2[fF]))[\w%~.-]+")
_BY_NAME = re.compile(r"""(\btoken['"]?\s*[:=]\s*['"]?)[\w-]{8,}""")
_OF_A_ROW = re.compile(
    r"((?:DETAIL|ПОДРОБНОСТИ):  ).*?(?=\n(?:HINT|ПОДСКАЗКА|QUERY|CONTEXT|КОНТЕКСТ):|\n\nThe above|\n\nDuring|\Z)",
    re.DOTALL,
)
"""What libpq quotes of a row, up to the next part of its message or of a traceback: people type blank lines too."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Signs that move or hide what stands in a line; a tab and a line end are none of them."""
_INDENT = "\n    "


def redact(text: str) -> str:
    """Returns the text without rows and without the tokens of links, as they stand in addresses, arguments, frames."""
    return _BY_NAME.sub(r"\1…", _OF_A_LINK.sub(r"\1…", _OF_A_ROW.sub(r"\1…", text)))


def on_one_line(text: str) -> str:
    return _seen(text).replace("\n", "\\n")


class Redacting(logging.Formatter):
    """Formats as another formatter does, and redacts the whole: the message, its arguments, the traceback.

    The message stays on one line, and the lines of a traceback are indented: what an error quotes is no other record.
    """

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self.inner = inner
        if inner.datefmt is None:
            inner.formatTime = _with_zone  # type: ignore[method-assign]  # of whichever class it is

    def format(self, record: logging.LogRecord) -> str:
        shown = copy.copy(record)
        shown.msg, shown.args = on_one_line(redact(record.getMessage())), None
        return _seen(redact(self.inner.format(shown))).replace("\n", _INDENT)


def _with_zone(record: logging.LogRecord, datefmt: str | None = None) -> str:
    return datetime.fromtimestamp(record.created).astimezone().isoformat(sep=" ", timespec="milliseconds")


def _seen(text: str) -> str:
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def plain(**options: Any) -> Redacting:
    """Makes the formatter that the settings name; the options are those of `logging.Formatter`."""
    return Redacting(logging.Formatter(**options))


def redact_handlers(logger: logging.Logger, **sent: object) -> None:
    """Redacts whatever the handlers of a logger write; Celery says when its own are set up."""
    for handler in logger.handlers:
        if not isinstance(handler.formatter, Redacting):
            handler.setFormatter(Redacting(handler.formatter or logging.Formatter()))
