"""Free times for pages, which may lag behind a little on a replica; actions call `availability` itself."""

from foundation.database import replica
from scheduling.queries import availability

nearest = replica.may_lag(availability.nearest)
nearest_with = replica.may_lag(availability.nearest_with)
free_starts = replica.may_lag(availability.free_starts)
free_days = replica.may_lag(availability.free_days)
