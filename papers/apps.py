"""Registers the room of papers: its words for the audit trail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "form.answer": _("填写申报表补充数据"),
    "template.keep": _("更换公文模板"),
}


class PapersConfig(AppConfig):
    name = "papers"
    verbose_name = _("公文")

    def ready(self) -> None:
        from audit import words

        words.register(actions=ACTIONS)
