"""Sets up every gunicorn of the clinic, which reads this file by itself; places and numbers are on its command line."""

logger_class = "clinic.gunicorn_logs.RedactingLogger"
keepalive = 75  # longer than proxies keep an idle connection, or they send a request into one that is closing
