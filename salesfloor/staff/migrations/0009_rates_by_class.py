from django.db import migrations, models


def take_over(apps, schema_editor):
    for category in apps.get_model("staff", "TaxCategory").objects.all():
        rates = apps.get_model("staff", "TaxClassRate").objects.filter(tax_category=category.pk)
        category.rates_by_class = {
            str(rate.tax_class_lightspeed_id): [str(rate.tax1_rate), str(rate.tax2_rate)]
            for rate in rates
        }
        category.save(update_fields=["rates_by_class"])


class Migration(migrations.Migration):

    dependencies = [
        ("staff", "0008_discounts"),
    ]

    operations = [
        migrations.AddField(
            model_name="taxcategory",
            name="rates_by_class",
            field=models.JSONField(default=dict, db_default=models.Value({}, models.JSONField())),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.DeleteModel(name="TaxClassRate"),
    ]
