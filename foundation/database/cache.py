"""The cache of the product lies in Postgres, and says so when nothing can be written there."""

from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import Error, connections, router

from foundation.database.outage import outage_of


class TellingCache(DatabaseCache):
    """A write that meets an outage raises it; Django's own cache takes it for a key that is there.

    allauth would take that in turn for a try too many, and whoever signs in would be told to wait.
    """

    def _base_set(self, *args: Any, **options: Any) -> bool:  # as Django's own calls it
        met: list[Error] = []

        def watch(execute: Any, *statement: Any) -> Any:  # as Django calls its wrappers
            try:
                return execute(*statement)
            except Error as error:
                met.append(error)
                raise

        with connections[router.db_for_write(self.cache_model_class)].execute_wrapper(watch):
            done: bool = super()._base_set(*args, **options)  # type: ignore[misc]  # unknown to the stubs
        for error in met:
            if outage_of(error):
                raise error
        return done
