import logging

from gunicorn.glogging import Logger

from clinic.redaction import Redacting


class RedactingLogger(Logger):
    """Writes gunicorn's logs, that of access too, without the links of patients."""

    def _set_handler(self, log: logging.Logger, output: str, fmt: logging.Formatter, stream: object = None) -> None:
        super()._set_handler(log, output, Redacting(fmt), stream)
