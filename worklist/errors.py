from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class WorklistError(DomainError):
    code = "worklist_error"
    message = _("The task could not be changed. Refresh the page.")


class TaskClosed(WorklistError):
    code = "task_closed"
    message = _("This task is done or no longer needed. Take the next one.")


class NotYourKind(WorklistError):
    code = "not_your_kind"
    message = _("Your role does not work on such tasks. Leave it to the contact centre.")


class ClaimedByAnother(WorklistError):
    code = "claimed_by_another"
    message = _("Somebody else is working on this number now. Take the next one.")


class NotClaimed(WorklistError):
    code = "not_claimed"
    message = _("You have not taken this task, or your time for it ran out. Take it from the list again.")


class FinishFirst(WorklistError):
    code = "finish_first"
    message = _("Finish the call you have begun, or give it back.")


class CallOver(WorklistError):
    code = "call_over"
    message = _("This call is over already, or somebody has given it back. Look at the team again.")


class TakeReasonNeeded(WorklistError):
    code = "take_reason_needed"
    message = _("Say why you take this call: whoever has it reads that.")


class CallTaken(WorklistError):
    code = "call_taken"
    message = _("%(name)s has taken this call from you. The reason: %(reason)s.")

    def __init__(self, *, name: str, reason: str) -> None:
        super().__init__()
        self.name, self.reason = name, reason

    def __str__(self) -> str:
        return str(self.message) % {"name": self.name, "reason": self.reason}
