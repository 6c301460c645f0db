"""The stock admin keeps reference data alone; it is here and not beside the models, because it calls `booking`.

Logins are made and blocked on the product's own pages, which ask for the own password before rights are given (O29).
"""

from back_office.admin import reference

__all__ = ["reference"]
