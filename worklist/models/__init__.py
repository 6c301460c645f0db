from worklist.models.claim import Claim
from worklist.models.on_duty import OnDuty
from worklist.models.task import Task

__all__ = ["Claim", "OnDuty", "Task"]
