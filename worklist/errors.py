from django.utils.translation import gettext_lazy as _


class WorklistError(Exception):
    message = _("The task could not be changed. Refresh the page.")

    def __str__(self) -> str:
        return str(self.message)


class TaskClosed(WorklistError):
    message = _("This task is done or no longer needed. Take the next one.")


class NotYourKind(WorklistError):
    message = _("Your role does not work on such tasks. Leave it to the contact centre.")


class ClaimedByAnother(WorklistError):
    message = _("Somebody else is working on this number now. Take the next one.")


class NotClaimed(WorklistError):
    message = _("You have not taken this task, or your time for it ran out. Take it from the list again.")


class FinishFirst(WorklistError):
    message = _("Finish the call you have begun, or give it back.")
