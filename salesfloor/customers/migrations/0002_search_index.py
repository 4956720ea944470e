"""The table of `customers.search`. No model stands for it: its shape is the database's own."""

from django.db import migrations


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE customers_customerwords USING fts5("
            "words, title UNINDEXED, prefix='1 2 3 4 5 6',"
            " tokenize=\"unicode61 remove_diacritics 0 tokenchars '@#~./'\")"
        )
    else:
        schema_editor.execute(
            "CREATE TABLE customers_customerwords"
            " (rowid bigint PRIMARY KEY, words tsvector NOT NULL, title text NOT NULL)"
        )
        schema_editor.execute(
            "CREATE INDEX customers_by_words ON customers_customerwords USING gin (words)"
        )


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE customers_customerwords")


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
