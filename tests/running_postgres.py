"""A PostgreSQL cluster of the tests' own on a free port, gone with whoever asked for it.

`python -m tests.running_postgres make something` runs a command with `DATABASE_URL` at one.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

START_SECONDS = 30.0
STOP_SECONDS = 30.0
HOW_TO_INSTALL = "No PostgreSQL. This installs it: apt-get install -y postgresql"
# What is committed has left the server's process. Killing that one or ours loses none of it, only
# a machine without power does, and none is in these tests: so nobody need wait for the disk.
NO_DISK = ("fsync=off", "full_page_writes=off")
# PostgreSQL refuses to run as root.
DEBIANS_USER = "postgres"


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`; Debian keeps them off the path, one for a release."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(installed, key=lambda path: int(path.parts[-3]), default=None)
    return newest.parent if newest else None


def served() -> Iterator[str]:
    """Its address, for a fixture. Skips where PostgreSQL is not installed."""
    if not programs():
        pytest.skip(HOW_TO_INSTALL)
    with running() as url:
        yield url


@contextmanager
def running(*, settings: Sequence[str] = NO_DISK) -> Iterator[str]:
    """The address of an empty database in a new cluster."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    user = DEBIANS_USER if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    try:
        with _serving(folder, user, settings) as url:
            yield url
    finally:
        shutil.rmtree(folder)


@contextmanager
def _serving(folder: Path, user: str | None, settings: Sequence[str]) -> Iterator[str]:
    data, log = folder / "data", folder / "log"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    who = {"user": user, "group": user, "extra_groups": []} if user else {}
    prepare = ["--auth=trust", "--no-sync", "--username=salesfloor", "--locale=C.UTF-8", "-EUTF8"]
    serve = ["-h", "127.0.0.1", "-p", str(port), "-k", folder]
    serve += [f"-c{setting}" for setting in (*settings, "max_connections=200")]
    with log.open("wb") as output:
        shown = {"stdout": output, "stderr": output, "cwd": folder, **who}
        subprocess.run([_program("initdb"), *prepare, "-D", data], check=True, **shown)
        process = subprocess.Popen(
            [_program("postgres"), *serve, "-D", data],
            start_new_session=True,  # Ctrl-C is for the tests, which then stop it themselves
            **shown,
        )
    try:
        _create_database(process, port, log)
        yield f"postgres://salesfloor@127.0.0.1:{port}/salesfloor"
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nobody needs its data again
        process.wait(STOP_SECONDS)


def _create_database(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    address = f"postgres://salesfloor@127.0.0.1:{port}/postgres"
    while True:
        try:
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute("CREATE DATABASE salesfloor")
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > give_up_at:
                error.add_note(log.read_text(errors="replace"))
                raise
            time.sleep(0.05)


def _program(name: str) -> str:
    folder = programs()
    assert folder, HOW_TO_INSTALL
    return str(folder / name)


def main() -> None:
    if not programs():
        print(f"What PostgreSQL has to show is left out. {HOW_TO_INSTALL}")
        return
    # Who gives up sends SIGTERM: then too the cluster has to be stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with running() as url:
        done = subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url})
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
