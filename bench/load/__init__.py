"""Loads the clinic with ten minutes of an ordinary day: the site, the desk, the contact centre, the doctors (T32).

The modules that Locust runs know nothing of Django: what they need to know is told them by `brief`.
"""
