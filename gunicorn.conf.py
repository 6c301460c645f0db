"""What every gunicorn of the clinic does; it reads this file by itself. Places and numbers are on its command line."""

logger_class = "clinic.gunicorn_logs.RedactingLogger"
keepalive = 75  # longer than proxies keep an idle connection, or they send a request into one that is closing
