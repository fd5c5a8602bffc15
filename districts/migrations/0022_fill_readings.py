"""Apart from the columns: nobody reads a table while one is added, and this takes seconds."""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    """What the services write from now on, for what is there; none of it is under seal."""
    from districts import spelling

    units = apps.get_model("districts", "District").objects
    for unit in units.filter(sought="").prefetch_related("former_names"):
        former = [old.name for old in unit.former_names.all()]
        unit.reading = unit.reading or spelling.reading(unit.name)
        names = [unit.name, unit.full_name, unit.english_name, unit.code, *former]
        unit.sought = spelling.keys(names, [unit.reading, *map(spelling.reading, former)])
        unit.save(update_fields=("reading", "sought"))
    rows = apps.get_model("districts", "School").objects.filter(sought="").only("name")
    for row in rows.iterator(chunk_size=2000):
        row.sought = spelling.keys([row.name], [spelling.reading(row.name)])
        row.save(update_fields=("sought",))


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0021_views_of_one"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
