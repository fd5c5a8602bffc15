"""Schedule: when; phases, plan and its versions, certification, progress; the home page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "certification.correct": _("更正认定事件"),
    "certification.record": _("录入认定事件"),
    "plan.publish": _("发布规划"),
    "step.create": _("新增认定环节"),
    "step.update": _("修改认定环节"),
}
# What entries keep beside the fields of their object.
NAMES = {"schedule": _("规划")}
LISTS = ("schedule",)


class ScheduleConfig(AppConfig):
    name = "schedule"
    verbose_name = _("规划与认定")

    def ready(self) -> None:
        from audit import words

        words.register(actions=ACTIONS, names=NAMES, lists=LISTS)
