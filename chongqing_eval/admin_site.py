"""The municipal inspectors' admin: Django's own, in the portal's name and scope."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    site_header = _("优质均衡督导评估 · 市级管理")
    site_title = _("市级管理")
    index_title = _("工作台")
