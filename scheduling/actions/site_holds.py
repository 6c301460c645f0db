"""A visitor of the site holds a time while they fill in the form, within what strangers may hold (T110, O04).

Without a proved phone they hold so many times from one network, and so much of a doctor's day. Beyond that the code is
asked before the hold; nobody is refused.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from uuid_utils.compat import uuid7

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.database import clock
from foundation.guard.addresses import is_within, network_of
from scheduling import hold_life
from scheduling.actions import slots
from scheduling.choices import OF_SITE, HoldReason, ReleaseReason
from scheduling.db_errors import translate_db_errors
from scheduling.errors import HoldOver, NoStrangersHold, ProofNeeded
from scheduling.queries import strangers
from scheduling.queries.read_models import AnyService
from scheduling.queries.strangers import Held


@translate_db_errors
@transaction.atomic
def hold(
    *,
    start: UUID,
    service: AnyService,
    by: Actor,
    proved: bool,
    token: UUID | None = None,
    begun: datetime | None = None,
) -> UUID:
    """Holds the run of slots for a visitor, whose former hold ends, and returns the token.

    Holding again prolongs the hold, for its whole life at most; it began when they first had this time, `begun`,
    whatever they have held since. Raises ProofNeeded, HoldOver and what `slots.hold` raises.
    """
    now, token, network = clock.now(), token or uuid7(), "" if proved else _key_of(by.ip)
    own = strangers.take_turns(start=start, token=token, owner=by.ref, network=network)
    since = own.since if own.since and own.until and own.until > now - hold_life.life() else now
    if begun and hold_life.counts(begun, now=now):
        since = min(since, begun)
    if (last := since + hold_life.life()) <= now:
        raise HoldOver
    run = slots.lock_to_hold(start=start, service=service, reasons=OF_SITE, by=by, token=token, now=now)
    stands = own.until and own.until > now
    if not proved and not (stands and len(run) <= own.slots):  # a longer visit takes more of the day
        ids = [slot.pk for slot in run]
        _check(strangers.held(slots=ids, token=token, owner=by.ref, network=network, now=now), len(ids), by.ip)
    reason = HoldReason.SITE_PROVED if proved else HoldReason.SITE_FORM
    slots.keep(
        run,
        token=token,
        owner=by.ref,
        reason=reason,
        until=min(last, now + slots.hold_time(reason)),
        since=since,
        network=network,
    )
    return token


@translate_db_errors
@transaction.atomic
def hand_over(*, start: UUID, service: AnyService, by: Actor, token: UUID, to: UUID, until: datetime) -> None:
    """Keeps a visitor's time for the contact centre under another token, `to`; another time kept under that one ends.

    Raises what `slots.hold` raises: the visitor's own hold may have lapsed.
    """
    now = clock.now()
    slots.drop(tokens=[to], reason=ReleaseReason.HOLD_DROPPED)
    run = slots.lock_to_hold(start=start, service=service, reasons=OF_SITE, by=by, token=token, now=now)
    slots.keep(run, token=to, owner=f"request:{to}", reason=HoldReason.HANDED_OVER, until=until, since=now)


@transaction.atomic
def free(*, token: UUID, by: Actor) -> None:
    """Ends a stranger's hold at the word of a person of the staff, who writes that down. Raises NoStrangersHold."""
    run = slots.lock_held([token])
    now = clock.now()
    if not run or any(slot.hold_reason != HoldReason.SITE_FORM or not slot.held_against(None, now) for slot in run):
        raise NoStrangersHold
    trail.record(
        by=by,
        action="hold.freed",
        object_ref=str(token),
        held_by=run[0].hold_owner,
        slots=[str(slot.pk) for slot in run],
    )
    slots.release(run, reason=ReleaseReason.HOLD_DROPPED)


def _check(others: Held, wanted: int, address: str) -> None:
    """Refuses a time where strangers hold as much as they may. Raises ProofNeeded."""
    shared = is_within(address, settings.SHARED_NETWORKS)
    of_network = settings.HOLDS_PER_SHARED_NETWORK if shared else settings.HOLDS_PER_NETWORK
    few = others.times < settings.HOLDS_PER_DAY
    within_share = (others.slots + wanted) * 100 <= others.all * settings.HOLDS_PERCENT_OF_DAY
    if others.of_network >= of_network or not (few or within_share):
        raise ProofNeeded


def _key_of(address: str) -> str:
    """Returns what a network is counted by, from which nothing can be read; empty where it is not known."""
    network = network_of(address)
    return salted_hmac("scheduling.site_holds", network, algorithm="sha256").hexdigest() if network else ""
