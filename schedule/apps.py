"""Schedule: when; phases, plan and its versions, certification, progress; the home page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScheduleConfig(AppConfig):
    name = "schedule"
    verbose_name = _("规划与认定")
