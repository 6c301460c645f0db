"""The shape of the tables, for code that runs before the migrations have."""

from django.db import connections
from django.db.models import Model


def is_migrated(*models: type[Model]) -> bool:
    """Tells whether the tables are there with all columns: before the migrations they are not."""
    return all(_has_all_columns(model) for model in models)


def _has_all_columns(model: type[Model]) -> bool:
    connection = connections[model._base_manager.db]
    with connection.cursor() as cursor:
        if model._meta.db_table not in connection.introspection.table_names(cursor):
            return False
        there = connection.introspection.get_table_description(cursor, model._meta.db_table)
    return {field.column for field in model._meta.local_concrete_fields} <= {column.name for column in there}
