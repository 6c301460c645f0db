from notifications.models.message import Message
from notifications.models.phone_code import PhoneCode

__all__ = ["Message", "PhoneCode"]
