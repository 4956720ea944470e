"""Items have matrices, components and notes now, which only a whole reading brings."""

from django.db import migrations


def read_again(apps, schema_editor):
    feeds = apps.get_model("mirror", "Feed")._base_manager.filter(name__in=["items", "stock"])
    feeds.update(high_water=None, at_high_water=0, resume_at="")


class Migration(migrations.Migration):
    dependencies = [
        ("mirror", "0001_initial"),
        ("catalog", "0003_matrices_components_and_notes"),
    ]

    operations = [migrations.RunPython(read_again, migrations.RunPython.noop)]
