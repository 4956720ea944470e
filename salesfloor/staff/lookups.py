"""How conditions are written for the database, where it matters to it."""

from typing import Any

from django.db.models import CharField
from django.db.models.lookups import In


@CharField.register_lookup
class OneOf(In):
    """As `in`, for words of our own that an index's condition names in the same order.

    SQLite uses an index over some rows only where it can prove that no other is asked for, and for
    values that come beside the query it cannot. Without, it would look through all that an account
    ever sold for the few sales that are not at their end.
    """

    lookup_name = "one_of"

    def process_rhs(self, compiler: Any, connection: Any) -> tuple[str, tuple[()]]:
        words = [str(getattr(word, "value", word)) for word in self.rhs]
        if not all(word.replace("_", "").isalpha() for word in words):
            raise ValueError(f"Not words of our own: {words}")
        return "({})".format(", ".join(f"'{word}'" for word in words)), ()
