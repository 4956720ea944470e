from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from salesfloor.simulator.__main__ import add_arguments
from salesfloor.simulator.server import serve


class Command(BaseCommand):
    help = "Runs a simulated Lightspeed Retail on this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser, settings.DATA_DIR / "simulator.sqlite3")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("port", "store", "items", "seed", "data", "redirect_uri")
        serve(**{name: options[name] for name in names})
