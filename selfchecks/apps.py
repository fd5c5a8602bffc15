"""Registers the self-checks as an app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SelfChecksConfig(AppConfig):
    name = "selfchecks"
    verbose_name = _("自查")
