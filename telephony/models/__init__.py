from telephony.models.exchange_call import ExchangeCall

__all__ = ["ExchangeCall"]
