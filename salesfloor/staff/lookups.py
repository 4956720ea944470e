"""How conditions are written for the database, where it matters to it."""

from typing import Any

from django.db.models import CharField, ForeignKey
from django.db.models.fields.related_lookups import RelatedExact
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


@ForeignKey.register_lookup
class Also(RelatedExact):
    """As `exact`, where another condition says which rows are meant: `account__also=…`.

    SQLite knows nothing of how many rows an account has, takes an index over accounts for a good
    one, and would look through all that the account has for a few rows that are named.
    """

    lookup_name = "also"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return str(connection.operators["exact"] % rhs)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        sql, values = self.as_sql(compiler, connection)
        return f"+{sql}", values
