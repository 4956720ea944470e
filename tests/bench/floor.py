"""The floor that everything is measured against: a bare view on the same server.

Behind the same middlewares and sign-in it asks an FTS5 table of its own for 20 rows and writes
them as plain HTML. Nobody can show the rows of a search with much less work.
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
        cursor.execute(
            "CREATE VIRTUAL TABLE bench_floor USING fts5("
            "description, price UNINDEXED, sku UNINDEXED, prefix='1 2 3 4')"
        )
        cursor.execute(
            "INSERT INTO bench_floor (rowid, description, price, sku)"
            " SELECT id, description, price, system_sku FROM catalog_item"
        )
    return HttpResponse()


def search(request: HttpRequest) -> HttpResponse:
    match = " ".join(f'"{word}"*' for word in re.findall(r"\w+", request.GET["q"]))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid, description, price, sku FROM bench_floor"
            " WHERE bench_floor MATCH %s ORDER BY rowid LIMIT %s",
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
