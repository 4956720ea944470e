"""A simulator in a process of its own, for every test that needs a Lightspeed to talk to."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

# A million items take minutes.
START_SECONDS = 600
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Grant:
    """What a sign-in ends with: a code not yet used, and a pair of tokens."""

    code: str
    access_token: str
    refresh_token: str
    expires_in: int
    employee_id: int

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access_token}"}


@dataclass
class Client:
    """Calls the API as one employee; paths are below the account: `Sale/120`."""

    url: str
    grant: Grant
    http: requests.Session = field(default_factory=requests.Session)

    def call(self, method: str, path: str, body: object = None, **params: Any) -> requests.Response:
        shown = {
            name: json.dumps(value) if isinstance(value, list) else value
            for name, value in params.items()
        }
        return self.http.request(
            method,
            f"{self.url}/{path}.json",
            json=body,
            params=shown,
            headers=self.grant.headers | {"Accept": "application/json"},
            timeout=30,
        )

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.call("GET", path, **params)

    def post(self, path: str, body: object, **params: Any) -> requests.Response:
        return self.call("POST", path, body, **params)

    def put(self, path: str, body: object, **params: Any) -> requests.Response:
        return self.call("PUT", path, body, **params)

    def delete(self, path: str) -> requests.Response:
        return self.call("DELETE", path)

    def record(self, path: str, **params: Any) -> dict[str, Any]:
        """One record, which must be there: `record("Sale/120")`."""
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        *_, name = [part for part in path.split("/") if not part.isdigit()]
        record: dict[str, Any] = answer.json()[name]
        return record

    def records(self, entity: str, **params: Any) -> list[dict[str, Any]]:
        """A list's first page."""
        answer = self.get(entity, **params)
        assert answer.status_code == 200, answer.text
        found = answer.json().get(entity, [])
        return found if isinstance(found, list) else [found]


@dataclass
class RunningSimulator:
    url: str
    process: subprocess.Popen[str]
    arguments: list[str]
    data: Path
    output: list[str] = field(default_factory=list)
    temporary: bool = False
    """The state goes when the simulator is stopped."""
    http: requests.Session = field(default_factory=requests.Session)

    def control(self, method: str, door: str, body: object = None, **params: Any) -> Any:
        """The control door; fails the test when the simulator refuses."""
        answer = self.http.request(
            method, f"{self.url}/_simulator/{door}", json=body, params=params, timeout=30
        )
        assert answer.ok, f"{method} {door}: {answer.status_code} {answer.text}"
        return answer.json()

    def state(self, **params: Any) -> Any:
        return self.control("GET", "state", **params)

    def sales(self, **params: Any) -> list[dict[str, Any]]:
        sales: list[dict[str, Any]] = self.state(**params)["sales"]
        return sales

    def stock(self, item_id: int) -> dict[int, int]:
        """Shop id → on hand; shop 0 is the roll-up."""
        return {row["shopID"]: row["qoh"] for row in self.state(itemID=item_id)["stock"]}

    def reset(self) -> None:
        self.control("POST", "reset")

    def grant(
        self,
        employee_id: int = 1,
        scope: str = "employee:all",
        client_id: str = "salesfloor",
    ) -> Grant:
        body = {"employeeID": employee_id, "client_id": client_id, "scope": scope}
        answer = self.control("POST", "grants", body)
        return Grant(
            answer["code"],
            answer["access_token"],
            answer["refresh_token"],
            answer["expires_in"],
            employee_id,
        )

    def client(
        self, employee_id: int = 1, scope: str = "employee:all", version: str = "/V3"
    ) -> Client:
        grant = self.grant(employee_id, scope)
        account = self.http.get(
            f"{self.url}/API/V3/Account.json", headers=grant.headers, timeout=30
        ).json()["Account"]["accountID"]
        return Client(f"{self.url}/API{version}/Account/{account}", grant)

    def put(self, records: dict[str, list[dict[str, Any]]]) -> dict[str, list[int]]:
        """Puts records in as given; answers the ids they got, by entity."""
        ids: dict[str, list[int]] = self.control("POST", "records", records)
        return ids

    def fault(self, route: str, kind: str, **options: Any) -> Any:
        return self.control("POST", "faults", {"route": route, "fault": kind, **options})

    def clear_faults(self) -> None:
        self.control("DELETE", "faults")

    def settings(self, **values: Any) -> Any:
        return self.control("POST", "settings", values)

    def clock(self, **values: Any) -> Any:
        return self.control("POST", "clock", values)

    def stop(self) -> None:
        self.http.close()
        self.process.terminate()
        self.process.wait(timeout=20)
        if self.temporary:
            shutil.rmtree(self.data.parent)

    def kill(self) -> None:
        self.http.close()
        self.process.kill()
        self.process.wait(timeout=20)

    def restarted(self) -> "RunningSimulator":
        """The same state served again, by a new process on a new port."""
        return _launch(self.arguments, self.data, self.temporary)


def start(
    store: str = "empty",
    *,
    items: int | None = None,
    seed: int | None = None,
    data: Path | None = None,
    port: int = 0,
    redirect_uri: str | None = None,
) -> RunningSimulator:
    """A simulator that has said it is ready; its caller stops it."""
    arguments = ["--store", store, "--port", str(port)]
    for name, value in (("items", items), ("seed", seed), ("redirect-uri", redirect_uri)):
        if value is not None:
            arguments += [f"--{name}", str(value)]
    temporary = data is None
    if data is None:
        data = Path(tempfile.mkdtemp(prefix="simulator-")) / "simulator.sqlite3"
    return _launch(arguments, data, temporary)


def _launch(arguments: list[str], data: Path, temporary: bool) -> RunningSimulator:
    process = subprocess.Popen(
        [sys.executable, "-m", "salesfloor.simulator", *arguments, "--data", str(data)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    output: list[str] = []
    ready = threading.Event()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            output.append(line)
            if "ready at" in line:
                ready.set()
        ready.set()

    threading.Thread(target=read, daemon=True).start()
    ready.wait(START_SECONDS)
    url = re.search(r"ready at (http://\S+)", "".join(output))
    if url is None:
        process.kill()
        raise RuntimeError(f"The simulator did not start:\n{''.join(output)}")
    return RunningSimulator(url[1], process, arguments, data, output, temporary)
