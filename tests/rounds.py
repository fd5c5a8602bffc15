"""Rounds of a race on PostgreSQL: what a round has written is undone before the next, which costs
a hundredth of taking people and workbooks to the same place again."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.db.models import Model

PLACE = "kept_for_rounds"  # a schema beside the one of the tests


class Tables:
    """All rows as they were when they were kept last."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            find = connection.introspection.get_primary_key_column
            tables = connection.introspection.table_names(cursor)
            self.keys = {table: find(cursor, table) for table in tables}
        self.keep()

    def keep(self) -> None:
        copies = [f'CREATE TABLE {PLACE}."{table}" AS TABLE "{table}"' for table in self.keys]
        self.forget()
        with connection.cursor() as cursor:
            cursor.execute(";".join((f"CREATE SCHEMA {PLACE}", *copies)))
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            (self.since,) = cursor.fetchone()

    def put_back(self) -> None:
        """Neither foreign keys nor the triggers that keep the record ask while this is done."""
        undone = [self._undo(table, key) for table, key in self.keys.items()]
        statements = ("SET session_replication_role = replica", *undone, "RESET ALL")
        with connection.cursor() as cursor:
            cursor.execute(";".join(statements))

    def _undo(self, table: str, key: str | None) -> str:
        """By the number of the transaction that PostgreSQL keeps with each row."""
        written = f'DELETE FROM "{table}" WHERE xmin::text::bigint >= {self.since}'
        old = f'WHERE "{key}" NOT IN (SELECT "{key}" FROM "{table}")'
        return f'{written}; INSERT INTO "{table}" SELECT * FROM {PLACE}."{table}" {old}'

    def forget(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {PLACE} CASCADE")


_tables: list[Tables] = []  # of the race that is run again and again now


def rounds(times: int) -> Iterator[int]:
    """As many as asked, each but the first with the tables as they were kept."""
    _tables.append(Tables())
    try:
        for number in range(times):
            if number:
                _tables[-1].put_back()
            yield number
    finally:
        _tables.pop().forget()


def repeated(race: Callable[..., None], times: int) -> Callable[..., None]:
    """The test, so many rounds of it."""

    def again_and_again(**given: Any) -> None:
        for _round in rounds(times):
            for row in (value for value in given.values() if isinstance(value, Model)):
                row.refresh_from_db()
            for shelf in caches.all(initialized_only=True):
                shelf.clear()
            race(**given)

    return again_and_again


def begin_here() -> None:
    """Later rounds of the race begin where this one has come to."""
    for tables in _tables:
        tables.keep()
