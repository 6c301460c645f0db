"""Postgres and Valkey for a machine that has neither, and the supervisor that runs the clinic beside them.

`run.py` is the way in. Tests start private servers with `postgres.start(folder)` and `valkey.start(folder)`.
"""
