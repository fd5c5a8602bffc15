"""Rest: how the REST face speaks, the same in every room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RestConfig(AppConfig):
    name = "rest"
    verbose_name = _("接口")
