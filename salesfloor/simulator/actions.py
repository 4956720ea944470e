"""Requests that are more than reading or writing a record: `POST Sale/{id}/refund`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .entities import BY_NAME
from .exchange import Answer, Request
from .relations import Renderer, Tree
from .store import Record

if TYPE_CHECKING:
    from .oauth import Granted
    from .simulation import Simulation


@dataclass(frozen=True)
class Call:
    """One such request, paid for and permitted."""

    simulation: "Simulation"
    request: Request
    granted: "Granted"
    renderer: Renderer
    keys: tuple[int, ...]
    """The numbers in its path, in their order."""
    body: Record
    listed: Callable[[str, Tree], Record]
    """The page of an entity's records that the request's parameters ask for, with these relations
    whatever `load_relations` says."""
    tree: Tree = field(default_factory=dict)
    """What `load_relations` asked for."""

    def single(self, name: str, key: int, tree: Tree | None = None) -> Record:
        """The answer to a request about one record, in the shape in which GET answers it."""
        return single(
            self.simulation, self.renderer, name, key, self.tree if tree is None else tree
        )


def single(simulation: "Simulation", renderer: Renderer, name: str, key: int, tree: Tree) -> Record:
    """Raises ApiError when there is none."""
    shown = renderer.single(name, key, tree)
    simulation.resource(name).adorn([shown], tree)
    return {"@attributes": {"count": "1"}, BY_NAME[name].shown_as: shown}


@dataclass(frozen=True)
class Action:
    method: str
    route: str
    """The path below the account, numbers as {id}: `Sale/{id}/refund`."""
    run: Callable[[Call], Record | Answer]
    """Answers a body, or the whole answer where that is no record."""
    root: str
    """What the body is called in XML."""
    cost: float = 1
    entity: str = ""
    """Whose fields and relations the body and load_relations are of."""
    rights: frozenset[str] = frozenset()
    """Rights of which any one is enough; empty: every token may."""
