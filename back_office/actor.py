from django.http import HttpRequest

from foundation.accounts.actors import Actor, staff
from foundation.accounts.choices import Role
from patients.choices import Channel


def actor_of(request: HttpRequest) -> Actor:
    return staff(request.user, ip=request.META.get("REMOTE_ADDR", ""))


def channel_of(request: HttpRequest) -> Channel:
    """Where this person books from: the operator by phone, the doctor from the visit, the others at the desk (R2)."""
    return {Role.OPERATOR: Channel.PHONE, Role.DOCTOR: Channel.DOCTOR}.get(request.user.role, Channel.REGISTRY)
