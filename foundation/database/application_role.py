"""The role of the application owns nothing: it reads and writes rows, and what is append-only it can only add to (O09).

So whoever gets hold of the application cannot switch a trigger off, and cannot change what people did.
"""

from django.db import connection

from foundation.database.rows import fetch_values

_APPEND_ONLY = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE right(tgname, 12) = '_append_only' ORDER BY 1"
_KNOWN = "SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = %s"
_GRANTS = """
    GRANT USAGE ON SCHEMA public TO {role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};
"""
_FEWER = "REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {table} FROM {role}"
_READS = "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}"


class RoleHasPower(Exception):
    """The role may do more than an application needs: with it the rights of the tables mean nothing."""


def make(role: str, *, password: str) -> None:
    """Makes the role, or gives it this password. Raises RoleHasPower for a superuser, and for one who makes roles."""
    known = fetch_values(_KNOWN, [role])
    if known == [True]:
        raise RoleHasPower(role)
    words = f"{'ALTER' if known else 'CREATE'} ROLE {connection.ops.quote_name(role)} LOGIN"
    _run(f"{words} PASSWORD '{_hashed(password, role)}'" if password else words)


def grant(role: str) -> None:
    """Gives the role what the application needs of the tables there are now, and of those to come."""
    name = connection.ops.quote_name(role)
    _run(_GRANTS.format(role=name))
    for table in fetch_values(_APPEND_ONLY):
        _run(_FEWER.format(table=table, role=name))
    if "django_migrations" in connection.introspection.table_names():
        _run(_READS.format(role=name))


def may_change(table: str) -> bool:
    """Tells whether the role of this connection could change or empty the table."""
    (may,) = fetch_values("SELECT has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE, TRIGGER')", [table])
    return bool(may)


def _hashed(password: str, role: str) -> str:
    """Hashes the password here, so that no log of statements holds it."""
    connection.ensure_connection()
    hashed: bytes = connection.connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return hashed.decode()


def _run(statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in filter(str.strip, statements.split(";")):
            cursor.execute(statement)
