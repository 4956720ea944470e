"""What groups, names and prices items, and who supplies them: the rules of each."""

from collections.abc import Iterator
from typing import Any

from . import upkeep, wire
from .actions import Action, Call
from .description import AT_THE_TILL, Names, ref
from .errors import ApiError
from .resources import Resource
from .store import Record

TAG_ID = ref("tagID")


class CategoryResource(Resource):
    entity_name = "Category"
    refers_to = {"parentID": "Category"}

    def check(self, record: Record, done: str) -> None:
        super().check(record, done)
        if record["categoryID"] in self._path(record["parentID"]):
            raise ApiError(400, f"Category {record['parentID']} is not above, but below it.")

    def _path(self, key: int) -> list[int]:
        """From a category up to the root."""
        path: list[int] = []
        while key and key not in path:
            path.append(key)
            category = self.store.get("Category", key)
            key = category["parentID"] if category else 0
        return path

    def saved(self, key: int, *, new: bool) -> None:
        upkeep.number_categories(self.store)

    def delete(self, key: int) -> None:
        if self.store.find("Category", parentID=key):
            raise ApiError(400, "Category not deleted. It has subcategories.")
        super().delete(key)
        _forget(self, "categoryID", key)
        upkeep.number_categories(self.store)


class DepartmentResource(Resource):
    entity_name = "Department"

    def delete(self, key: int) -> None:
        super().delete(key)
        _forget(self, "departmentID", key)


class SeasonResource(Resource):
    entity_name = "Season"

    def delete(self, key: int) -> None:
        super().delete(key)
        _forget(self, "seasonID", key)


def _forget(resource: Resource, field: str, key: int) -> None:
    """Items and matrices lose what has been removed for good."""
    store = resource.store
    for name, own_key in (("Item", "itemID"), ("ItemMatrix", "itemMatrixID")):
        for record in store.find(name, **{field: key}):
            store.change(name, record[own_key], {field: 0})


class VendorResource(Resource):
    entity_name = "Vendor"

    def create(self, body: Record, fixed: Record) -> int:
        return super().create(_without_bare_name(body), fixed)

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        super().update(key, _without_bare_name(body), fixed)


def _without_bare_name(body: Record) -> Record:
    """A published sample writes Reps as a mere name, and nothing comes of it."""
    if isinstance(body.get("Reps"), str) and body["Reps"]:
        return {name: value for name, value in body.items() if name != "Reps"}
    return body


class PriceLevelResource(Resource):
    entity_name = "PriceLevel"

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        """Prices carry the name of their level, so a new one shows in every item."""
        before = self.existing(key)["name"]
        super().update(key, body, fixed)
        after = self.existing(key)["name"]
        if after != before:
            self._rename_prices(key, before, after)

    def _rename_prices(self, key: int, before: str, after: str) -> None:
        old, new = (
            wire.dumps({"useTypeID": str(key), "useType": name}).decode()[1:]
            for name in (before, after)
        )
        for name in ("Item", "ItemMatrix"):
            self.store.execute(
                f"UPDATE {name} SET Prices = replace(Prices, ?, ?)",  # noqa: S608
                (old, new),
            )


class TagResource(Resource):
    entity_name = "Tag"

    def read(self, body: Record, rule: str) -> Record:
        values = super().read(body, rule)
        if "name" in values:
            values["name"] = tag_name(values["name"])
        return values

    def check(self, record: Record, done: str) -> None:
        super().check(record, done)
        same = self.store.find("Tag", name=record["name"])
        if any(tag["tagID"] != record["tagID"] for tag in same):
            raise ApiError(400, f"Tag '{record['name']}' already exists.")

    def delete(self, key: int) -> None:
        super().delete(key)
        for relation in self.store.find("TagRelation", tagID=key):
            self.store.remove("TagRelation", relation["tagRelationID"])


def tag_name(given: Any) -> str:
    """Recorded: "New Tag" came back as "newtag"."""
    return "".join(character for character in str(given).lower() if character.isalnum())


class TaggedResource(Resource):
    """What may be tagged: by the id of a tag in TagRelations, or by names in Tags."""

    def _write_children(self, key: int, body: Record) -> None:
        super()._write_children(key, body)
        for relation in self.entity.relations:
            if isinstance(relation, Names) and relation.name in body:
                self._tag(relation, key, list(_tag_ids(self, body[relation.name])))

    def _tag(self, relation: Names, key: int, wanted: list[int]) -> None:
        """Names have no ids to be found again by, so those given are all there are (a choice)."""
        tied = self.store.find(relation.through, **{relation.by: key})
        for record in tied:
            if record["tagID"] not in wanted:
                self.store.remove(relation.through, record["tagRelationID"])
        known = {record["tagID"] for record in tied}
        for tag_id in dict.fromkeys(wanted):
            if tag_id not in known:
                self.store.add(relation.through, {"tagID": tag_id, relation.by: key})


def _tag_ids(resource: Resource, given: Any) -> Iterator[int]:
    """Of tags in any shape clients write: "a, b", ["a"], {"tag": ["a"]}, {"Tag": {"tagID": 3}}.

    A name that is new becomes a tag.
    """
    if isinstance(given, dict) and "tagID" in given:
        yield int(wire.read(TAG_ID, given["tagID"], resource.zone))
    elif isinstance(given, dict):
        for name in ("tag", "Tag", "name"):
            yield from _tag_ids(resource, given.get(name))
    elif isinstance(given, list):
        for entry in given:
            yield from _tag_ids(resource, entry)
    else:
        for name in map(tag_name, str(given or "").split(",")):
            if name:
                same = resource.store.find("Tag", name=name)
                yield same[0]["tagID"] if same else resource.store.add("Tag", {"name": name})


def tag_groups(call: Call) -> Record:
    """The tags in use; what else makes a group no source says."""
    rows = call.simulation.store.execute(
        "SELECT DISTINCT t.name FROM Tag t JOIN TagRelation r USING (tagID) ORDER BY t.name"
    )
    answer: Record = {"@attributes": {"count": str(len(rows))}}
    if rows:
        answer["TagGroup"] = wire.one_or_many([{"tag": name} for (name,) in rows])
    return answer


RESOURCES: tuple[type[Resource], ...] = (
    CategoryResource,
    DepartmentResource,
    PriceLevelResource,
    SeasonResource,
    TagResource,
    VendorResource,
)
ACTIONS: tuple[Action, ...] = (
    Action("GET", "TagGroup", tag_groups, root="TagGroups", rights=AT_THE_TILL),
)
