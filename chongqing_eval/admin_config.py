"""Puts the portal's own admin site in place of Django's default one."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "chongqing_eval.admin_site.PortalAdminSite"
