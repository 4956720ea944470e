"""A Redis server on a free port, gone with the tests."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator

import pytest
from redis import ConnectionError as NotYetThere
from redis import Redis

START_SECONDS = 10.0


def served() -> Iterator[str]:
    """Its address. Skips where Redis is not installed."""
    if not shutil.which("redis-server"):
        pytest.skip("no Redis. This installs it: apt-get install -y redis-server")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        options = f"--port {port} --bind 127.0.0.1 --dir {folder} --appendonly no --save".split()
        process = subprocess.Popen(["redis-server", *options, ""], stdout=subprocess.DEVNULL)
        try:
            _wait_until_it_answers(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait_until_it_answers(port: int) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    with Redis(port=port) as redis:
        while True:
            try:
                redis.ping()
                return
            except NotYetThere:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.05)
