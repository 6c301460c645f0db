"""A clinic on a throwaway database that plays weeks of its waitlist through the product's own verbs (T100–T105).

Nothing of it runs in a request: `manage.py simulate_waitlist` starts it.
"""
