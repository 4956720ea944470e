from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0002_hour_of_calls"),
    ]

    operations = [
        migrations.AddField(
            model_name="ratelimit",
            name="closed_seconds",
            field=models.FloatField(db_default=0.0, default=0.0),
        ),
    ]
