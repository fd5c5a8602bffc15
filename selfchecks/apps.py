"""Registers the self-checks, and hands their stored inputs to the impact of a new standard."""

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Steps are named by the table of the workflow.
ACTIONS = {
    "comment.settle": _("办结意见"),
    "comment.write": _("填写意见"),
    "deadline.move": _("调整填报期限"),
    "deadline.set": _("设定填报期限"),
    "evidence.add": _("上传佐证材料"),
    "evidence.assign": _("归类佐证材料"),
    "evidence.receive": _("收到多份佐证材料"),
    "evidence.remove": _("撤下佐证材料"),
    "evidence_rule.set": _("设定佐证要求"),
    "file.sweep": _("清理无主文件"),
    "indicator.review": _("写指标意见"),
    "notice.due": _("发出到期提醒"),
    "notice.mute": _("关掉一类通知"),
    "notice.unmute": _("恢复一类通知"),
    "picture.clean": _("清理照片的拍摄信息"),
    "records.import": _("导入更正学校数据"),
    "self_check.follow": _("改按新版标准"),
    "self_check.open": _("开启自查"),
    "self_check.remind": _("催办"),
    "upload.explain": _("说明警告"),
    "upload.keep": _("采用工作簿"),
    "upload.receive": _("收到工作簿"),
}
# What entries keep beside the fields of their object.
NAMES: dict[str, str | Promise] = {
    "cell": _("单元格"),
    "counts": _("条数"),
    "digest": _("测算指纹"),
    "discarded": _("放弃的文件"),
    "errors": _("错误数"),
    "kind": _("类型"),
    "files": _("文件"),
    "notices": _("提醒数"),
    "number": _("序号"),
    "reasons": _("说明"),
    "receipt": _("回执编号"),
    "school": _("学校"),
    "size": _("字节数"),
    "swept": _("清理的文件"),
    "text": _("内容"),
    "upload": _("工作簿版本"),
    "value": _("数值"),
    "warnings": _("警告数"),
}


class SelfChecksConfig(AppConfig):
    name = "selfchecks"
    verbose_name = _("自查")

    def ready(self) -> None:
        from audit import periodic, words
        from districts import deadlines
        from districts.services import saved
        from districts.services.reorganising import followers
        from indicators.services.impact import stored_inputs_come_from
        from indicators.services.standards import published_standards_go_to
        from selfchecks.files import sweep_orphans
        from selfchecks.services import notices, reopening
        from selfchecks.services.due import self_checks_due
        from selfchecks.services.evaluations import stored_inputs
        from selfchecks.services.governing import follow
        from selfchecks.services.opening import close_after
        from selfchecks.workflow import STEPS

        saved.PAGES["admin:selfchecks_selfcheck_work"] = _("我的待办")
        saved.PAGES["admin:selfchecks_selfcheck_board"] = _("各区县进展")
        saved.BEGINNING.add("admin:selfchecks_selfcheck_work")
        followers.append(close_after)
        deadlines.sources.append(self_checks_due)

        stored_inputs_come_from(stored_inputs)
        published_standards_go_to(follow)
        steps = {f"self_check.{step.name}": step.recorded_as or step.label for step in STEPS}
        words.register(actions=ACTIONS | steps, names=NAMES, lists=("files", "swept"))
        periodic.register(
            periodic.Job(
                "reopenings", _("到期的重新开启"), reopening.lapse_all, _("恢复 %(count)s 份。")
            ),
            periodic.Job(
                "notices", _("提醒和邮件"), notices.tell_and_deliver, notices.TOLD, daily=False
            ),
            periodic.Job(  # a file whose row was deleted by hand looks like one without an owner
                "orphans",
                _("清理无主文件"),
                sweep_orphans,
                _("删除 %(count)s 个。"),
                needs="audit_verify",
            ),
        )
