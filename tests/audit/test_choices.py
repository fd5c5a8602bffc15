"""What a row says of a choice is told without translating every other choice."""

from django.db.models import Model

from audit.seals import sealed_tables


def test_a_choice_is_named_as_django_names_it() -> None:
    """Also what is no choice, and nothing at all."""
    for model in sealed_tables().values():
        for field in (each for each in model._meta.concrete_fields if each.choices):
            known = [value for value, _label in field.flatchoices]
            for value in (*known, None, "nonsense", 7):
                row = model(**{field.attname: value})
                shown = getattr(row, f"get_{field.name}_display")()
                assert shown == Model._get_FIELD_display(row, field), (model, field, value)
