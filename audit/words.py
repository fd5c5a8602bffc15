"""Words for what an entry keeps as codes: actions here, units from whoever knows their names."""

from collections.abc import Callable, Collection, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, str | Promise] = {
    "access.refuse": _("被拒绝的操作"),
    "backup.restore": _("恢复备份"),
    "certification.correct": _("更正认定事件"),
    "certification.record": _("录入认定事件"),
    "comment.settle": _("办结意见"),
    "comment.write": _("填写意见"),
    "deadline.move": _("调整填报期限"),
    "deadline.set": _("设定填报期限"),
    "demo.accounts": _("建立演示账号"),
    "demo.passwords": _("更换演示账号的密码"),
    "demo.register": _("载入演示学校"),
    "district.create": _("新增区县"),
    "district.import": _("导入区县"),
    "district.update": _("修改区县"),
    "evidence.add": _("上传佐证材料"),
    "evidence.remove": _("撤下佐证材料"),
    "indicator.review": _("写指标意见"),
    "plan.publish": _("发布规划"),
    "records.import": _("导入更正学校数据"),
    "reference.load": _("载入基础数据"),
    "school.create": _("登记学校"),
    "school.import": _("导入学校"),
    "school.update": _("修改学校"),
    "self_check.approve": _("复核通过"),
    "self_check.decline": _("退回填报员"),
    "self_check.open": _("开启自查"),
    "self_check.put_back": _("放回待复核"),
    "self_check.recall": _("撤回送审"),
    "self_check.remind": _("催办"),
    "self_check.reopen": _("重新开启自查"),
    "self_check.send_back": _("退回修改"),
    "self_check.send_for_signature": _("送负责人审签"),
    "self_check.submit": _("审签并报送"),
    "self_check.take_up": _("开始复核"),
    "self_check.withdraw": _("撤回报送"),
    "standard.change": _("修改标准草稿"),
    "standard.discard": _("删除标准草稿"),
    "standard.draft": _("起草标准"),
    "standard.import": _("导入达标值"),
    "standard.publish": _("发布标准"),
    "standard.retire": _("废止标准"),
    "step.create": _("新增认定环节"),
    "step.update": _("修改认定环节"),
    "succession.record": _("登记区划调整"),
    "token.create": _("签发接口令牌"),
    "token.revoke": _("作废接口令牌"),
    "upload.explain": _("说明警告"),
    "upload.keep": _("采用工作簿"),
    "upload.receive": _("收到工作簿"),
    "user.create": _("建立账号"),
    "user.disable": _("停用账号"),
    "user.enable": _("启用账号"),
    "user.password": _("修改密码"),
    "user.update": _("修改账号"),
}

# What entries keep beside the fields of their object.
NAMES: dict[str, str | Promise] = {
    "accounts": _("账号"),
    "added": _("新增"),
    "altered": _("修改"),
    "cell": _("单元格"),
    "changed": _("改动数"),
    "counts": _("条数"),
    "created_at": _("备份时间"),
    "days": _("有效天数"),
    "digest": _("测算指纹"),
    "districts": _("区县数"),
    "errors": _("错误数"),
    "file": _("文件"),
    "indicators": _("指标"),
    "junior": _("初中"),
    "method": _("方式"),
    "new": _("新增数"),
    "number": _("序号"),
    "path": _("地址"),
    "primary": _("小学"),
    "reasons": _("说明"),
    "row": _("条目"),
    "schedule": _("规划"),
    "school": _("学校"),
    "schools": _("学校数"),
    "scopes": _("权限范围"),
    "senior": _("高中"),
    "sha256": "SHA-256",
    "size": _("字节数"),
    "successor": _("承接的区县"),
    "text": _("内容"),
    "upload": _("工作簿版本"),
    "user": _("账号"),
    "value": _("数值"),
    "warnings": _("警告数"),
}
# Values of these are lists, never before and after.
LISTS = frozenset({"accounts", "added", "indicators", "schedule", "scopes"})

Names = Mapping[str, str | Promise]
_unit_names: Callable[[], Names] = dict
_school_names: Callable[[Collection[str]], Names] | None = None
_figure_names: dict[str, str | Promise] = {}


def name_units_with(provider: Callable[[], Names]) -> None:
    """Let a higher room say how units are called (code → name); this room knows only codes."""
    global _unit_names
    _unit_names = provider


def unit_names() -> Names:
    return _unit_names()


def name_schools_with(provider: Callable[[Collection[str]], Names]) -> None:
    """The same for schools, asked only for the codes that occur."""
    global _school_names
    _school_names = provider


def school_names(codes: Collection[str]) -> Names:
    return _school_names(codes) if codes and _school_names else {}


def name_figures(names: Names) -> None:
    """The same for the figures schools and districts report."""
    _figure_names.update(names)


def figure_names() -> Names:
    return _figure_names


def action_name(action: str) -> str:
    """The action in words; its code when nobody has named it."""
    return str(ACTIONS.get(action, action))
