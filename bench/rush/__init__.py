"""Nine o'clock: the times of a popular doctor have just been published (T33).

It uses threads of its own and not locust: what counts is how it ended for each person, not only how quick it was.
"""
