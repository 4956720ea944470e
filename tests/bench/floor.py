"""The floor that everything is measured against: a bare view on the same server.

Behind the same middlewares and sign-in it asks an index of its own, by FTS5 or PostgreSQL's text
search, for 20 rows in the order of their keys and writes them as plain HTML. On SQLite nobody can
show the rows of a search with much less work.
"""

import re

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils.html import escape

ROWS = 20


def fill(request: HttpRequest) -> HttpResponse:
    """Copy what the mirror holds; done once, before anything is measured."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in FILL[connection.vendor]:
            cursor.execute(statement)
    return HttpResponse()


FILL = {
    "sqlite": (
        "CREATE VIRTUAL TABLE bench_floor USING fts5("
        "description, price UNINDEXED, sku UNINDEXED, prefix='1 2 3 4')",
        "INSERT INTO bench_floor (rowid, description, price, sku)"
        " SELECT id, description, price, system_sku FROM catalog_item",
    ),
    "postgresql": (
        "CREATE TABLE bench_floor AS SELECT id AS rowid, description, price, system_sku AS sku,"
        " to_tsvector('simple', description) AS words FROM catalog_item",
        "ALTER TABLE bench_floor ADD PRIMARY KEY (rowid)",
        "CREATE INDEX ON bench_floor USING gin (words)",
        "ANALYZE bench_floor",
    ),
}
# How words that begin so are asked for, and where.
ASK = {
    "sqlite": ('"{}"*', " ", "bench_floor MATCH %s"),
    "postgresql": ("{}:*", " & ", "words @@ to_tsquery('simple', %s)"),
}


def search(request: HttpRequest) -> HttpResponse:
    term, also, condition = ASK[connection.vendor]
    match = also.join(term.format(word) for word in re.findall(r"\w+", request.GET["q"]))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid, description, price, sku FROM bench_floor"  # noqa: S608 (no values)
            f" WHERE {condition} ORDER BY rowid LIMIT %s",
            [match, ROWS],
        )
        rows = "".join(
            f'<li id="item-{pk}"><b>{escape(description)}</b> <i>{price}</i> {escape(sku)}</li>'
            for pk, description, price, sku in cursor
        )
    return HttpResponse(f"<!doctype html><title>Items</title><ul>{rows}</ul>")


urlpatterns = [
    path("bench/fill/", fill),
    path("bench/search/", search),
    path("", include("salesfloor.urls")),
]
