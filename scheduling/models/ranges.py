from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import Func


class TsTzRange(Func):
    """The range `[starts_at, ends_at)` of a row for exclusion constraints: a visit that ends at ten leaves ten free."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()
