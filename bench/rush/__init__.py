"""Nine o'clock: the times of a popular doctor have just been published (T33).

With threads of its own and not with locust: what counts is how it ended for each person, not only how quick it was.
"""
