"""Ten days of a small invented clinic, lived through the product's own actions, until it has rows of every kind.

Each module is one side of that life. `python -m tests.upgrade.make_dump` lives it and keeps what it left behind.
"""
