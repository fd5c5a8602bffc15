"""Registers the self-checks, and hands their stored inputs to the impact of a new standard."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SelfChecksConfig(AppConfig):
    name = "selfchecks"
    verbose_name = _("自查")

    def ready(self) -> None:
        from indicators.services.impact import stored_inputs_come_from
        from selfchecks.services.evaluations import stored_inputs

        stored_inputs_come_from(stored_inputs)
