"""The app's database, read, copied, put back and held from outside: none of the app's own code."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg


class Database(Protocol):
    url: str

    def rows(self, query: str) -> list[tuple[Any, ...]]: ...

    def copy(self) -> None:
        """Keep a copy of everything as it is now, in place of the last one."""
        ...

    def put_back(self) -> None:
        """Return to the copy. Nobody may be connected."""
        ...

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else can commit a write meanwhile."""
        ...


@dataclass
class Sqlite:
    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "salesfloor.sqlite3"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(self._connected()) as connection:
            return connection.execute(query).fetchall()

    def copy(self) -> None:
        with (
            closing(self._connected()) as source,
            closing(sqlite3.connect(self._copy)) as target,
        ):
            source.backup(target)

    def put_back(self) -> None:
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        self.file.write_bytes(self._copy.read_bytes())

    @contextmanager
    def held(self) -> Iterator[None]:
        with closing(self._connected()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                connection.execute("ROLLBACK")

    @property
    def _copy(self) -> Path:
        return self.folder / "copy.sqlite3"

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self.file, timeout=30, isolation_level=None)


@dataclass
class Postgres:
    url: str
    folder: Path

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(query).fetchall()

    def copy(self) -> None:
        subprocess.run(["pg_dump", "--format=custom", f"--file={self._copy}", self.url], check=True)

    def put_back(self) -> None:
        server, _, name = self.url.rpartition("/")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
        subprocess.run(["pg_restore", f"--dbname={self.url}", self._copy], check=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        tables = "sales_sale, sales_salepayment, outbox_submission, outbox_attempt, outbox_draft"
        with psycopg.connect(self.url) as connection:
            connection.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
            yield
            connection.rollback()

    @property
    def _copy(self) -> Path:
        return self.folder / "copy.dump"
