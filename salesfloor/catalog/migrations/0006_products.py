"""The index of products in the place of that of items. `catalog.search.tables` tells of it."""

import django.db.models.deletion
from django.db import migrations, models

OLD = ("catalog_itemwords", "catalog_itemcodes")


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in OLD:
            schema_editor.execute(f"DROP TABLE IF EXISTS {table}")
        # A beginning of a length that has no index of its own costs a merge of all the words that
        # begin so. Of five letters those are few, as codes are not among the words.
        schema_editor.execute(
            "CREATE VIRTUAL TABLE catalog_productwords USING fts5("
            "words, text UNINDEXED, detail=none, prefix='1 2 3 4',"
            # Whatever is no blank: what is a word has been decided, by a younger Unicode than SQLite's.
            " tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'\")"
        )
        schema_editor.execute(
            "CREATE VIRTUAL TABLE catalog_productcodes USING fts5(codes, tokenize='trigram')"
        )
        schema_editor.execute(
            "CREATE TABLE catalog_word (owner bigint NOT NULL, word text NOT NULL,"
            " tail text NOT NULL, PRIMARY KEY (owner, word)) WITHOUT ROWID"
        )
    else:
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        schema_editor.execute(
            "CREATE TABLE catalog_productwords (rowid bigint PRIMARY KEY,"
            " words tsvector NOT NULL, text text NOT NULL, codes text NOT NULL)"
        )
        # Without a list of what is still to be indexed, which each search would have to read.
        schema_editor.execute(
            "CREATE INDEX catalog_products_by_words ON catalog_productwords"
            " USING gin (words) WITH (fastupdate = off)"
        )
        schema_editor.execute(
            "CREATE INDEX catalog_products_by_codes ON catalog_productwords"
            " USING gin (codes gin_trgm_ops) WITH (fastupdate = off)"
        )
        schema_editor.execute(
            "CREATE TABLE catalog_word (owner bigint NOT NULL, word text COLLATE \"C\" NOT NULL,"
            " tail text COLLATE \"C\" NOT NULL, PRIMARY KEY (owner, word))"
        )
    schema_editor.execute("CREATE INDEX catalog_words_by_tail ON catalog_word (owner, tail)")


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE catalog_productwords")
    schema_editor.execute("DROP TABLE catalog_word")
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE catalog_productcodes")


def have_built(apps, schema_editor):
    """Accounts of before have items and no index yet: version 0 makes the worker build it."""
    accounts = apps.get_model("staff", "Account").objects.values_list("pk", flat=True)
    index = apps.get_model("catalog", "SearchIndex")
    index._base_manager.bulk_create(index(account_id=pk, version=0) for pk in accounts)


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0005_browsing"),
        ("staff", "0008_discounts"),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchIndex',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.PositiveSmallIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=0)),
                ('building', models.BooleanField(default=False)),
                ('built_up_to', models.BigIntegerField(default=0)),
                ('synonyms', models.TextField(blank=True)),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='search_index', to='staff.account')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('rank', models.BigIntegerField(primary_key=True, serialize=False)),
                ('generation', models.PositiveSmallIntegerField()),
                ('archived', models.BooleanField()),
                ('digest', models.CharField(max_length=32)),
                ('card', models.TextField()),
                ('variants', models.TextField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='products', to='staff.account')),
                ('item', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='products', to='catalog.item')),
                ('matrix', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='products', to='catalog.itemmatrix')),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'generation', 'rank'], name='product_by_generation')],
                'constraints': [models.UniqueConstraint(fields=('matrix', 'generation', 'archived'), name='one_product_for_a_matrix'), models.UniqueConstraint(fields=('item', 'generation', 'archived'), name='one_product_for_an_item')],
            },
        ),
        migrations.RunPython(create, drop),
        migrations.RunPython(have_built, migrations.RunPython.noop),
    ]
