"""The stock admin keeps reference data and logins; it is here and not beside the models, because it calls `booking`."""

from back_office.admin import logins, reference

__all__ = ["logins", "reference"]
