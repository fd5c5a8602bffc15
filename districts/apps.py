"""Districts: who and where; units, schools, people, and who may see what."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DistrictsConfig(AppConfig):
    name = "districts"
    verbose_name = _("区县与学校")

    def ready(self) -> None:
        from audit import words

        from .models import District, School

        words.name_units_with(lambda: dict(District.objects.values_list("code", "name")))
        words.name_schools_with(
            lambda codes: dict(School.objects.filter(code__in=codes).values_list("code", "name"))
        )
