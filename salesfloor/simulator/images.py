"""Pictures of items: uploaded with what is said about them, and served as they came."""

import secrets

from .actions import Action
from .errors import ApiError
from .resources import Resource
from .store import Record, Store

SCHEMA = ("CREATE TABLE upload (publicID TEXT PRIMARY KEY, content BLOB NOT NULL)",)
OF = {"itemID": "Item", "itemMatrixID": "ItemMatrix"}
# Beginnings of files, by what they are.
KINDS = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}


class ImageResource(Resource):
    entity_name = "Image"

    def create(self, body: Record, fixed: Record) -> int:
        picture = self.files.get("image")
        if not picture:
            raise ApiError(400, "Image not created. The request has no part named image.")
        about = {
            "publicID": secrets.token_hex(10),
            "filename": picture.filename or str(body.get("filename") or ""),
            "size": len(picture),
        }
        self._check_owner({**self.read(body, "C"), **fixed})
        key = super().create(body, fixed | about)
        self.store.execute("INSERT INTO upload VALUES (?, ?)", (about["publicID"], picture))
        return key

    def _check_owner(self, values: Record) -> None:
        owned = {name: values[name] for name in OF if values.get(name)}
        if not owned:
            raise ApiError(400, "Image not created. It needs an itemID or an itemMatrixID.")
        for name, key in owned.items():
            if self.store.get(OF[name], key) is None:
                raise ApiError(400, f"Image not created. There is no {OF[name]} '{key}'.")

    def delete(self, key: int) -> None:
        public_id = self.existing(key)["publicID"]
        super().delete(key)
        self.store.execute("DELETE FROM upload WHERE publicID = ?", (public_id,))


def uploaded(store: Store, public_id: str) -> bytes | None:
    """The file that was uploaded, whatever size of it is asked for; None: nothing was."""
    with store.lock:
        rows = store.execute("SELECT content FROM upload WHERE publicID = ?", (public_id,))
    return bytes(rows[0][0]) if rows else None


def content_type(picture: bytes) -> str:
    kinds = (kind for start, kind in KINDS.items() if picture.startswith(start))
    return next(kinds, "application/octet-stream")


RESOURCES: tuple[type[Resource], ...] = (ImageResource,)
ACTIONS: tuple[Action, ...] = ()
