"""What a periodic job did, as figures that are worded when they are read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0008_decisions_are_signed")]

    operations = [
        migrations.AddField(
            model_name="jobrun",
            name="figures",
            field=models.JSONField(null=True, verbose_name="件数"),
        ),
    ]
