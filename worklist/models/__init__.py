from worklist.models.claim import Claim
from worklist.models.task import Task

__all__ = ["Claim", "Task"]
