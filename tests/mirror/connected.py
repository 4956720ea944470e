"""An account whose manager has signed in to a running simulator."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from salesfloor.staff.models import Account, Rep, User
from tests.simulator.running import RunningSimulator

MANAGER = 1


def connect(simulator: RunningSimulator, settings: Any) -> Account:
    """`settings` has to point to the simulator for as long as the account is used."""
    settings.LIGHTSPEED_API_URL = settings.LIGHTSPEED_LOGIN_URL = simulator.url
    settings.SIMULATOR_URL = simulator.url
    simulator.settings(bucket_size=100_000, drip_rate=1_000, burst_limit=1_000)
    grant = simulator.grant(MANAGER)
    session = simulator.http.get(
        f"{simulator.url}/API/Session.json", headers=grant.headers, timeout=30
    ).json()
    account = Account.objects.create(
        lightspeed_id=int(session["systemCustomerID"]), name="?", connected_at=timezone.now()
    )
    rep = make_rep(account, MANAGER, rights=["admin", "register"])
    account.grants.create(
        rep=rep,
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        expires_at=timezone.now() + timedelta(seconds=grant.expires_in),
    )
    return account


def make_rep(account: Account, employee_id: int, rights: list[str]) -> Rep:
    employee, _ = account.employees.get_or_create(lightspeed_id=employee_id)
    user = User.objects.create(username=f"{account.lightspeed_id}-{employee_id}")
    rep: Rep = account.reps.create(user=user, employee=employee, rights=rights)
    return rep
