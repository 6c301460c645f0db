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
