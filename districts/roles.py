"""What each role may do, as one table; the admin, the pages and the API all ask it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OFFICER = "officer", _("填报员")
    SIGNATORY = "signatory", _("审签人")
    INSPECTOR = "inspector", _("市级督学")
    MANAGER = "manager", _("市级管理员")
    KEEPER = "keeper", _("系统管理员")
    AUDITOR = "auditor", _("审计员")
    CLIENT = "client", _("接口")
    DEPARTMENT = "department", _("协同部门")


class Office(models.TextChoices):
    """Who in a district carries something out (责任部门)."""

    SCHOOL = "school", _("学校")
    BUREAU = "bureau", _("区县教委")
    STAFFING = "staffing", _("编制部门")
    FINANCE = "finance", _("财政部门")
    PERSONNEL = "personnel", _("人社部门")
    PLANNING = "planning", _("规划部门")


DISTRICT_ROLES = (Role.OFFICER, Role.SIGNATORY)
# Offices with accounts of their own: each sees what is its own to do, nothing else.
DEPARTMENTS = (Office.STAFFING, Office.FINANCE, Office.PERSONNEL, Office.PLANNING)
MUNICIPAL_ROLES = (Role.INSPECTOR, Role.MANAGER, Role.AUDITOR)
# 三员分立: accounts, business and audit are three roles. Who keeps accounts sees no figures.
STAFF_ROLES = (*MUNICIPAL_ROLES, Role.KEEPER)
# They sign, decide or watch: with a second factor, and opened by two keepers.
DECIDING_ROLES = (Role.SIGNATORY, *STAFF_ROLES)


# Role → app label → actions on all of its models; "app.model" narrows to one model.
_GRANTS: dict[str, dict[str, tuple[str, ...]]] = {
    Role.INSPECTOR: {
        "districts.district": ("view", "export"),
        "districts.succession": ("view", "export"),
        "districts.township": ("view",),
        "districts.calendarday": ("view",),
        "districts.school": ("view", "add", "change", "import", "export"),
        "indicators": ("view", "export"),
        "selfchecks": ("view", "export"),
        "improvement": ("view",),
        "improvement.practice": ("view", "add", "change"),
        "selfchecks.deadline": ("view", "add", "change"),
        "schedule": ("view", "export"),
        "schedule.planversion": ("view", "add", "export"),
        "schedule.plannedcertification": ("view", "import", "export"),
        "schedule.certificationevent": ("view", "add", "export"),
        "schedule.certificationlist": ("view", "add", "export"),
        "schedule.guidance": ("view", "add"),
        "schedule.guidanceentry": ("view", "add"),
        "schedule.monitoringround": ("view", "add"),
        "papers.template": ("view",),
    },
    Role.MANAGER: {
        "districts.district": ("view", "add", "change", "import", "export"),
        "districts.succession": ("view", "add", "change", "export"),
        "districts.township": ("view", "add"),
        "districts.calendarday": ("view", "add", "change"),
        "districts.school": ("view", "add", "change", "import", "export"),
        "districts.user": ("view",),
        "audit.jobrun": ("view",),
        "indicators": ("view", "change", "export"),
        "indicators.threshold": ("view", "change", "import", "export"),
        "selfchecks": ("view", "export"),
        "improvement": ("view",),
        "improvement.practice": ("view", "add", "change"),
        "selfchecks.deadline": ("view", "add", "change"),
        "selfchecks.evidencerule": ("view", "add", "export"),
        "selfchecks.schoolrecord": ("view", "import", "export"),
        "schedule": ("view", "export"),
        "schedule.planversion": ("view", "add", "export"),
        "schedule.plannedcertification": ("view", "import", "export"),
        "schedule.certificationstep": ("view", "add", "change", "export"),
        "schedule.certificationevent": ("view", "add", "change", "export"),
        "schedule.certificationlist": ("view", "add", "change", "export"),
        "schedule.basicbalance": ("view", "add", "change"),
        "schedule.consequence": ("view", "add"),
        "schedule.grant": ("view", "add"),
        "schedule.grantdecision": ("view", "add"),
        "schedule.guidance": ("view", "add"),
        "schedule.guidanceentry": ("view", "add"),
        "schedule.monitoringround": ("view", "add"),
        "schedule.statement": ("view", "add"),
        "papers.template": ("view", "add"),
    },
    Role.KEEPER: {
        "districts.user": ("view", "add", "change"),
        "districts.apitoken": ("view", "add", "change"),
        "districts.hook": ("view", "add", "change"),
        "districts.delivery": ("view", "change"),
        "audit.jobrun": ("view",),
    },
    Role.AUDITOR: {
        "districts.district": ("view",),
        "districts.succession": ("view",),
        "districts.township": ("view",),
        "districts.calendarday": ("view",),
        "districts.school": ("view",),
        "districts.user": ("view",),
        "districts.apitoken": ("view",),
        "districts.hook": ("view",),
        "districts.delivery": ("view",),
        "indicators": ("view",),
        "selfchecks": ("view",),
        "improvement": ("view",),
        "schedule": ("view",),
        "papers": ("view",),
        "audit.entry": ("view", "export"),
        "audit.jobrun": ("view",),
    },
}


def allows(role: str, permission: str) -> bool:
    """Whether the role includes a Django permission such as ``districts.change_school``."""
    app, _dot, codename = permission.partition(".")
    action, _underscore, model = codename.partition("_")
    grants = _GRANTS.get(role, {})
    actions = grants.get(f"{app}.{model}", grants.get(app, ()))
    return action in actions


def enters_app(role: str, app: str) -> bool:
    """Whether the role sees anything of the app in the admin."""
    return any(name.partition(".")[0] == app for name in _GRANTS.get(role, {}))
