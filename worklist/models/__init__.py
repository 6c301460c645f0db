from worklist.models.claim import Claim
from worklist.models.on_duty import OnDuty
from worklist.models.phoned_number import PhonedNumber
from worklist.models.taken_call import TakenCall
from worklist.models.task import Task

__all__ = ["Claim", "OnDuty", "PhonedNumber", "TakenCall", "Task"]
