"""A view may be of a page that there is for each unit and year."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("districts", "0020_links_await_another")]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="argument",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=40, verbose_name="哪一份"
            ),
        ),
    ]
