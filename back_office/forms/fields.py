"""The birth date as the search box reads it."""

from foundation.text.date_fields import BirthDateField

__all__ = ["BirthDateField"]
