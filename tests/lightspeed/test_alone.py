"""The client could be published without the rest of salesfloor."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from pkgutil import walk_packages

from salesfloor import lightspeed
from tests.conftest import REP
from tests.simulator.running import ROOT, RunningSimulator

USED_ALONE = """
import os, sys
from importlib import import_module

class Refusing:
    def find_spec(self, name, path=None, target=None):
        ours = name.startswith("salesfloor.") and not name.startswith(
            ("salesfloor.lightspeed.", "salesfloor.lightspeed", "salesfloor.money")
        )
        if ours or name.startswith("salesfloor.lightspeed_login") or name.split(".")[0] == "django":
            raise ImportError(f"{name} is not there")

sys.meta_path.insert(0, Refusing())
for module in sys.argv[1:]:
    import_module(module)

from decimal import Decimal
from salesfloor.lightspeed import records
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.drafts import DraftLine, SaleDraft, Tender, completion

class Tokens:
    def access_token(self): return os.environ["TOKEN"]
    def replace(self, rejected): raise AssertionError

client = Client(4711, Tokens(), base_url=os.environ["LIGHTSPEED"])
line = DraftLine(item_id=next(iter(client.items())).item_id, unit_quantity=1)
draft = SaleDraft(reference_number="A-1", employee_id=2, shop_id=1, register_id=1, lines=[line])
quoted = client.create_sale(draft.body())
tender = Tender(payment_type_id=1, amount=quoted.calc_total, remote_reference="A-1-1")
sold = client.update_sale(quoted.sale_id, completion([tender]))
print(records.to_wire(sold)["calcTotal"], sold.completed)
"""


def test_every_module_is_imported_and_used_without_django_and_the_rest_of_us(
    simulator: RunningSimulator,
) -> None:
    modules = [m.name for m in walk_packages(lightspeed.__path__, f"{lightspeed.__name__}.")]
    access = {"TOKEN": simulator.grant(REP).access_token, "LIGHTSPEED": simulator.url}
    done = subprocess.run(
        [sys.executable, "-c", USED_ALONE, *modules],
        cwd=ROOT,
        env=os.environ | access,
        capture_output=True,
        text=True,
    )
    assert {f"{lightspeed.__name__}.{name}" for name in ("client", "redis_store")} <= set(modules)
    assert (done.stdout, done.stderr) == ("11.49 True\n", "")


def test_it_tells_type_checkers_that_it_is_typed() -> None:
    spec = find_spec("salesfloor.lightspeed")
    assert spec
    assert spec.origin
    assert (Path(spec.origin).parent / "py.typed").exists()
