"""Why an address was not reached, worded when it is read; nothing is known of older attempts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("districts", "0022_fill_readings")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="fault_values",
            field=models.JSONField(null=True, verbose_name="原因中的内容"),
        ),
    ]
