"""Schedule: when; phases, plan and its versions, certification, progress; the home page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "balance.correct": _("更正基本均衡认定"),
    "balance.record": _("登记基本均衡认定"),
    "certification.correct": _("更正认定事件"),
    "certification.record": _("录入认定事件"),
    "list.correct": _("更正认定名单"),
    "list.record": _("录入认定名单"),
    "plan.publish": _("发布规划"),
    "step.create": _("新增认定环节"),
    "step.update": _("修改认定环节"),
}


class ScheduleConfig(AppConfig):
    name = "schedule"
    verbose_name = _("规划与认定")

    def ready(self) -> None:
        from audit import words
        from districts.services.reorganising import counters
        from schedule.wording import resting_on, totals_in_words
        from selfchecks.services.undoing import resting

        counters.append(totals_in_words)
        resting.append(resting_on)

        # What entries keep beside the fields of their object.
        words.register(actions=ACTIONS, names={"schedule": _("规划")}, lists=("schedule",))
