"""The tables of `catalog.search` on SQLite. No model stands for them: FTS5 owns their shape."""

from django.db import migrations


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        # detail=none: no phrases and no columns are ever asked for, and the index halves. A beginning
        # of a length that has no prefix index costs a merge of all the words that it begins.
        schema_editor.execute(
            "CREATE VIRTUAL TABLE catalog_itemwords USING fts5("
            "words, title UNINDEXED, product UNINDEXED, detail=none, prefix='1 2 3 4 5 6 7 8',"
            " tokenize=\"unicode61 remove_diacritics 0 tokenchars './@#!='\")"
        )
        schema_editor.execute(
            "CREATE VIRTUAL TABLE catalog_itemcodes USING fts5(codes, tokenize='trigram')"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE catalog_itemwords")
        schema_editor.execute("DROP TABLE catalog_itemcodes")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
