from uuid import UUID

from foundation.accounts.models import User
from foundation.database.read_models import columns
from foundation.database.rows import fetch_first

_SIGNED_IN = f"SELECT {columns(User, 'person')} FROM accounts_user person WHERE id = %s AND is_active"


def nobody_yet() -> bool:
    """Tells whether the installation is new: it has no login at all."""
    return not User.objects.exists()


def signed_in(pk: UUID) -> User | None:
    """Returns a person who may still sign in, by one plain statement; None when they may not."""
    return fetch_first(User, _SIGNED_IN, [pk])
