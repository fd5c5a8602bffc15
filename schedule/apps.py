"""Schedule: when; phases, plan and its versions, certification, progress; the home page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "balance.correct": _("更正基本均衡认定"),
    "balance.record": _("登记基本均衡认定"),
    "certification.correct": _("更正认定事件"),
    "certification.record": _("录入认定事件"),
    "consequence.record": _("录入支持或问责"),
    "consequence.void": _("作废支持或问责记录"),
    "grant.extend": _("奖补资金延期"),
    "grant.issue": _("录入奖补资金"),
    "grant.recover": _("追回奖补资金"),
    "grant.void": _("作废奖补资金记录"),
    "guidance.begin": _("开始督促或指导"),
    "guidance.note": _("记录督促或指导"),
    "guidance.void": _("作废督促或指导"),
    "list.correct": _("更正认定名单"),
    "list.record": _("录入认定名单"),
    "look_back.hold": _("回头看：保持达标"),
    "look_back.open": _("开始回头看"),
    "look_back.withdraw": _("回头看随复核通过收回而终止"),
    "monitoring.enter": _("填报监测数据"),
    "monitoring.open": _("开启指标监测"),
    "plan.publish": _("发布规划"),
    "statement.say": _("填写门户说明"),
    "step.create": _("新增认定环节"),
    "step.update": _("修改认定环节"),
}
SIGNED = ("certification.", "list.", "balance.", "consequence.", "grant.", "plan.")


class ScheduleConfig(AppConfig):
    name = "schedule"
    verbose_name = _("规划与认定")

    def ready(self) -> None:
        from audit import periodic, signing, words
        from districts import deadlines
        from districts.roles import MUNICIPAL_ROLES
        from districts.services import saved
        from districts.services.reorganising import counters
        from improvement.ledger.words import SENTENCES
        from schedule.look_back_words import FELL, NOTICES, ledger_words
        from schedule.look_back_workflow import STEPS
        from schedule.services import look_back_days, look_backs
        from schedule.services.due import look_backs_due, monitoring_due
        from schedule.wording import resting_on, totals_in_words
        from selfchecks.services import notice_words, steps
        from selfchecks.services.undoing import resting

        saved.PAGES |= {
            "atlas": _("全市图册（公开）"),
            "own-table": _("自选表（公开）"),
            "admin:schedule_planversion_atlas": _("全市图册"),
            "admin:schedule_planversion_own_table": _("自选表"),
            "admin:schedule_planversion_outlook": _("规划走向"),
            "units": _("各单位（公开）"),
        }
        saved.BEGINNING.add("admin:schedule_planversion_atlas")
        counters.append(totals_in_words)
        deadlines.sources += [look_backs_due, monitoring_due]
        resting.extend((resting_on, look_backs.rested_on))
        steps.following.append(look_backs.follow)
        notice_words.TEXTS.update(NOTICES)
        SENTENCES[FELL] = ledger_words
        told = _("补做 %(tested)s 次，承诺到期新开 %(opened)s 件，提醒 %(told)s 件。")
        periodic.register(periodic.Job("look_backs", _("回头看"), look_back_days.daily, told))

        # What entries keep beside the fields of their object.
        taken = {f"look_back.{step.name}": step.label for step in STEPS}
        words.register(actions=ACTIONS | taken, names={"schedule": _("规划")}, lists=("schedule",))
        signing.decisions.update(action for action in ACTIONS if action.startswith(SIGNED))
        decided = (step.name for step in STEPS if set(step.roles) <= set(MUNICIPAL_ROLES))
        signing.decisions.update(f"look_back.{name}" for name in decided)
