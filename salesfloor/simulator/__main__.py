"""`python -m salesfloor.simulator`: the simulator without Django."""

import argparse
from pathlib import Path

from .server import serve
from .stores import STORES


def add_arguments(parser: argparse.ArgumentParser, data: Path) -> None:
    parser.add_argument("--port", type=int, default=8100, help="0 takes a free one")
    parser.add_argument("--store", choices=STORES, default="demo")
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=data, help="where the state is kept")
    parser.add_argument("--redirect-uri", help="of the client `salesfloor`")


def main() -> None:
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    add_arguments(parser, Path("var/simulator.sqlite3"))
    serve(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
