"""An invented network of clinics of any size, to measure on: `loader.load()` fills an empty database.

The main specialty has twenty doctors at every size, so that its screens and its matching do the same work.
"""
