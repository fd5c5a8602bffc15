"""Tells the address an account had before that it has another one now: whose it was may object."""

from datetime import datetime

from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext, override
from django_tasks import task

from districts.mail import mail_is_configured
from districts.wording import moment_text


def tell(*, address: str, name: str) -> None:
    """By the queue, with the change that is kept; there may be nobody to tell."""
    if address and mail_is_configured():
        send.enqueue(address, name, timezone.now().isoformat())


@task()
def send(address: str, name: str, moment: str) -> None:
    """The new address is not said: who reads the old one need not be its owner any more."""
    with override("zh-hans"):
        facts = {"account": name, "when": moment_text(datetime.fromisoformat(moment))}
        body = gettext(
            "您的账号 %(account)s 的邮箱在 %(when)s 由系统管理员改为另一个，以后的信不再寄到这里。"
            "如果这不是您要的，请马上告诉系统管理员。"
        )
        subject = gettext("优质均衡督导评估：邮箱已更改")
    EmailMessage(subject=subject, body=body % facts, to=[address]).send()
