"""What the documents are called, in addresses and in words."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Name(TextChoices):
    UNIT_REPORT = "unit-report", _("单位情况报告")
    BULLETIN = "progress-bulletin", _("年度进展通报")
    APPLICATION = "application-form", _("优质均衡申报表")
    OPINION = "review-opinion", _("复核意见书")
    RECEIPT = "receipt", _("报送回执")
    PLANS = "school-plan-volume", _("一校一策汇编")
    SAMPLING = "sampling-protocol", _("抽样记录")
    PROBLEMS = "problem-list", _("问题清单")
    RECTIFICATION = "rectification-report", _("整改报告（框架）")
