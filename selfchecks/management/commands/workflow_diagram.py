"""Prints the workflow as a Mermaid diagram; the README shows what this prints."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from selfchecks.workflow import mermaid


class Command(BaseCommand):
    help = "打印自查流程图(Mermaid 文本),由流程表生成,供 README 使用。"

    def handle(self, *args: Any, **options: Any) -> None:
        with override("zh-hans"):
            self.stdout.write(mermaid())
