"""Registers the room of papers: its words for the audit trail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "batch.ask": _("申请批量公文"),
    "batch.finish": _("生成批量公文"),
    "batch.forget": _("清理批量公文的文件"),
    "form.answer": _("填写申报表补充数据"),
    "template.keep": _("更换公文模板"),
}


class PapersConfig(AppConfig):
    name = "papers"
    verbose_name = _("公文")

    def ready(self) -> None:
        from audit import periodic, words

        words.register(actions=ACTIONS)
        told = _("删除 %(count)s 份。")
        periodic.register(periodic.Job("batches", _("清理批量公文的文件"), sweep, told))


def sweep() -> int:
    from papers.services import batches  # and with it all that makes documents

    return batches.sweep()
