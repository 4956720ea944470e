"""The app's database, read, copied, put back and held from outside: none of the app's own code."""

import sqlite3
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg


class Database(ABC):
    url: str

    @abstractmethod
    def connected(self) -> AbstractContextManager[Any]: ...

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.connected() as connection:
            rows: list[tuple[Any, ...]] = connection.execute(query).fetchall()
        return rows

    def number(self, query: str) -> int:
        return int(self.rows(query)[0][0] or 0)

    def grows(self, number: str, within_seconds: float) -> bool:
        """Wait until the query's number is greater than it was; told within milliseconds."""
        give_up_at = time.monotonic() + within_seconds
        with self.connected() as connection:
            first = connection.execute(number).fetchone()[0] or 0
            while time.monotonic() < give_up_at:
                if (connection.execute(number).fetchone()[0] or 0) > first:
                    return True
                time.sleep(0.002)
        return False

    @abstractmethod
    def copy(self) -> None:
        """Keep a copy of everything as it is now, in place of the last one."""

    @abstractmethod
    def put_back(self) -> None:
        """Return to the copy. Nobody may be connected."""

    @abstractmethod
    def held(self) -> AbstractContextManager[None]:
        """Nobody else can commit a write meanwhile."""


@dataclass
class Sqlite(Database):
    folder: Path

    def __post_init__(self) -> None:
        self.file = self.folder / "salesfloor.sqlite3"
        self.url = f"sqlite:///{self.file}"

    def connected(self) -> AbstractContextManager[sqlite3.Connection]:
        return closing(sqlite3.connect(self.file, timeout=30, isolation_level=None))

    def copy(self) -> None:
        with (
            self.connected() as source,
            closing(sqlite3.connect(self._copy)) as target,
        ):
            source.backup(target)

    def put_back(self) -> None:
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        self.file.write_bytes(self._copy.read_bytes())

    @contextmanager
    def held(self) -> Iterator[None]:
        with self.connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                connection.execute("ROLLBACK")

    @property
    def _copy(self) -> Path:
        return self.folder / "copy.sqlite3"


@dataclass
class Postgres(Database):
    url: str
    folder: Path

    def connected(self) -> AbstractContextManager[psycopg.Connection]:
        return psycopg.connect(self.url, autocommit=True)

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
