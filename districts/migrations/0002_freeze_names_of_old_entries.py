"""Gives entries kept before layout 2 the names of this day, and both units of a moved school.

Their sealed fields stay as they are: the chain verifies as before. What they are given here stands
under the seal of one new entry.
"""

from typing import Any

from django.db import migrations
from django.utils import timezone

from audit.chain import FREEZING, seal, seal_of_later, sealed_fields


def freeze(apps: Any, schema_editor: Any) -> None:
    entry_model = apps.get_model("audit", "Entry")
    units = apps.get_model("districts", "District").objects.all()
    schools = apps.get_model("districts", "School").objects.all()
    by_code = {row.code: row.name for rows in (units, schools) for row in rows.iterator()}
    by_key = {
        "district": {str(row.pk): row for row in units},
        "attached_to": {str(row.pk): row for row in schools.iterator()},
    }
    batch = []
    for entry in entry_model.objects.filter(layout=1).iterator(chunk_size=500):
        names = {code: by_code[code] for code in _codes(entry) if code in by_code}
        for field, rows in by_key.items():
            for key in _keys(entry, field):
                if key in rows:
                    names[f"{field} {key}"] = rows[key].name
        moved = entry.changes.get("district") if entry.action == "school.update" else None
        if isinstance(moved, list) and moved and moved[0] in by_key["district"]:
            entry.other_district_code = by_key["district"][moved[0]].code
        entry.names = names
        batch.append(entry)
        if len(batch) == 500:
            entry_model.objects.bulk_update(batch, ["names", "other_district_code"])
            batch.clear()
    entry_model.objects.bulk_update(batch, ["names", "other_district_code"])
    _seal(entry_model, apps.get_model("audit", "ChainHead"))


def _seal(entry_model: Any, head_model: Any) -> None:
    old = entry_model.objects.filter(layout=1).order_by("number")
    if not old.exists():
        return
    head = head_model.objects.select_for_update().get(pk=1)
    entry = entry_model(
        number=head.number + 1,
        at=timezone.now(),
        action=FREEZING,
        changes={"entries": old.count(), "sha256": seal_of_later(old.iterator(chunk_size=2000))},
        layout=2,
        previous_hash=head.hash,
    )
    entry.hash = seal({name: getattr(entry, name) for name in sealed_fields(2)})
    entry.save()
    head.number, head.hash = entry.number, entry.hash
    head.save()


def _codes(entry: Any) -> set[str]:
    found = {entry.district_code}
    pending = [entry.changes]
    while pending:
        inner = pending.pop()
        for name in inner:
            if isinstance(name, str):
                found.add(name.partition(".")[0])
            if isinstance(inner, dict) and isinstance(inner[name], dict | list):
                pending.append(inner[name])
    return found


def _keys(entry: Any, field: str) -> list[str]:
    value = entry.changes.get(field)
    return [key for key in (value if isinstance(value, list) else [value]) if isinstance(key, str)]


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0001_initial"),
        ("audit", "0002_natural_keys"),
    ]
    operations = [migrations.RunPython(freeze, migrations.RunPython.noop)]
