"""Registers the room of improvement: its words for the audit trail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "condition.end": _("撤销增配条件"),
    "condition.set": _("设定增配条件"),
    "feedback.answer": _("答复公众反映"),
    "feedback.call_back": _("从区县收回公众反映"),
    "feedback.enter": _("公众反映列入问题台账"),
    "feedback.erase": _("删除公众反映的个人信息"),
    "feedback.pass_on": _("公众反映转区县办理"),
    "feedback.publish": _("公开公众反映"),
    "feedback.receive": _("收到公众反映"),
    "feedback.reopen": _("重新办理公众反映"),
    "feedback.reply": _("区县回复公众反映"),
    "feedback.set_aside": _("公众反映不予办理"),
    "feedback.take_up": _("受理公众反映"),
    "feedback.unpublish": _("取消公开公众反映"),
    "finding.add": _("记录现场发现"),
    "finding.photo": _("给现场发现加照片"),
    "finding.remove": _("撤回现场发现"),
    "plan.adopt": _("采用增配方案"),
    "plan.finish": _("算完增配方案"),
    "plan.make": _("制作增配方案"),
    "plan.restart": _("重新计算增配方案"),
    "plan.stop": _("停止计算增配方案"),
    "plan.take_back": _("收回采用增配方案"),
    "practice.change": _("修改典型经验"),
    "practice.publish": _("发布典型经验"),
    "practice.return": _("退回典型经验"),
    "practice.revise": _("重新修改典型经验"),
    "practice.submit": _("提交典型经验"),
    "practice.withdraw": _("撤下典型经验"),
    "practice.write": _("撰写典型经验"),
    "price.set": _("填写单价"),
    "problem.arrange": _("安排整改"),
    "problem.escalate": _("告知逾期问题"),
    "problem.find": _("登记问题"),
    "problem.follow": _("数据更新问题台账"),
    "problem.unfounded": _("登记所依据的决定已收回"),
    "scenario.archive": _("归档假设方案"),
    "scenario.change": _("修改假设方案"),
    "scenario.create": _("建立假设方案"),
    "scenario.restore": _("恢复使用假设方案"),
    "visit.cancel": _("取消实地查看"),
    "visit.draw": _("抽取查看学校"),
    "visit.draw_again": _("重新抽取查看学校"),
    "visit.finish": _("结束实地查看"),
    "visit.record": _("记录到校查看"),
    "visit.start": _("开始实地查看"),
    "visit.take_back": _("收回实地查看的结束"),
}
# What others rest on and nobody may deny; of many problems or plans at once one entry is signed.
SIGNED = (
    *("feedback.answer", "feedback.publish", "feedback.reopen", "feedback.reply"),
    *("feedback.set_aside", "feedback.unpublish", "plan.adopt", "plan.take_back"),
    *("practice.publish", "practice.return", "practice.withdraw"),
    *("problem.close", "problem.decline", "problem.reopen", "problem.take_back", "problem.void"),
    *("school_plan.approve", "school_plan.send_back"),
    *("visit.cancel", "visit.finish", "visit.take_back"),
)


class ImprovementConfig(AppConfig):
    name = "improvement"
    verbose_name = _("改进")

    def ready(self) -> None:
        from audit import periodic, signing, words
        from improvement.models import Photo
        from improvement.services import visit_schools, working
        from improvement.visits.words import NOTICES as VISIT_NOTICES
        from selfchecks import files
        from selfchecks.services.notice_words import TEXTS

        TEXTS.update(VISIT_NOTICES)
        words.register(actions=ACTIONS, lists=("photos",))
        signing.decisions.update(SIGNED)
        files.KEPT[visit_schools.FOLDER] = Photo
        told = _("删除 %(count)s 个。")
        periodic.register(periodic.Job("tasks", _("清理做完的任务"), working.sweep, told))
        self.register_ledger()
        self.register_school_plans()
        self.register_voices()
        self.register_deadlines()

    @staticmethod
    def register_deadlines() -> None:
        from districts import deadlines
        from improvement.services.due import measures_due, problems_due

        deadlines.sources += [problems_due, measures_due]

    @staticmethod
    def register_ledger() -> None:
        from audit import periodic, words
        from districts.services import saved
        from improvement.ledger.steps import STEPS
        from improvement.ledger.words import NOTICES
        from improvement.services import ledger_late
        from improvement.services.ledger_figures import follow
        from improvement.services.ledger_remarks import settle_remark
        from selfchecks.services import reviews
        from selfchecks.services.notice_words import TEXTS
        from selfchecks.services.steps import following

        following.append(follow)
        reviews.settling.append(settle_remark)
        TEXTS.update(NOTICES)
        words.register(actions={f"problem.{step.name}": step.label for step in STEPS})
        told = _("告诉 %(count)s 个。")
        periodic.register(periodic.Job("ledger", _("逾期的问题"), ledger_late.escalate, told))
        saved.PAGES |= {
            "ledger": _("问题台账"),
            "shortfalls": _("还差什么"),
            "school-plans": _("一校一策"),
            "admin:improvement_unitprice_shortfalls": _("全市还差什么"),
        }

    @staticmethod
    def register_school_plans() -> None:
        from audit import periodic, words
        from improvement.models import Progress
        from improvement.school_plans.workflow import ACTIONS
        from improvement.services import planning, progress, seeding, telling
        from selfchecks import files
        from selfchecks.services import notice_words

        words.register(actions=ACTIONS)
        notice_words.TEXTS.update(telling.TEXTS)
        files.KEPT[progress.FOLDER] = Progress
        planning.RESTING.append(seeding.rests_on)
        periodic.register(
            periodic.Job(
                "late_measures", _("提醒逾期的措施"), telling.tell, _("提醒 %(count)s 条。")
            )
        )

    @staticmethod
    def register_voices() -> None:
        from audit import periodic
        from improvement.services import feedback
        from selfchecks.services.notice_words import TEXTS

        TEXTS.update(feedback.NOTICES)
        title, told = _("删除公众反映的个人信息"), _("删除 %(count)s 条的。")
        periodic.register(periodic.Job("feedback", title, feedback.erase_due, told))
