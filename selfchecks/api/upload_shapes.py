"""What uploads and their findings look like in the API."""

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from rest.serializers import StrictSerializer
from selfchecks.models import Upload


class UploadSerializer(serializers.ModelSerializer):
    uploaded_by = serializers.CharField(source="uploaded_by.display_name")
    file = serializers.CharField(source="display_name")
    schools = serializers.IntegerField(source="school_count")
    errors = serializers.IntegerField(source="error_count")
    warnings = serializers.IntegerField(source="warning_count")
    notices = serializers.IntegerField(source="notice_count")

    class Meta:
        model = Upload
        fields = (
            *("number", "status", "is_current", "file", "size", "sha256", "uploaded_by"),
            *("uploaded_at", "kept_at", "schools", "errors", "warnings", "notices"),
        )


class WorkbookSerializer(StrictSerializer):
    file = serializers.FileField(help_text=gettext_lazy("填好的工作簿，.xlsx 或 .csv，最大 5 MB。"))


class ReasonsSerializer(StrictSerializer):
    reasons = serializers.DictField(
        child=serializers.CharField(allow_blank=True),
        help_text=gettext_lazy("警告的编号和原因；空文字表示收回。"),
    )


class CountsSerializer(serializers.Serializer):
    error = serializers.IntegerField()
    warning = serializers.IntegerField()
    notice = serializers.IntegerField()


class FindingSerializer(serializers.Serializer):
    """One thing found in a workbook, at its cell."""

    id = serializers.CharField()
    code = serializers.CharField()
    level = serializers.ChoiceField(choices=("error", "warning", "notice"))
    severity = serializers.CharField()
    sheet = serializers.CharField()
    cell = serializers.CharField()
    row = serializers.IntegerField(allow_null=True)
    field = serializers.CharField()
    column = serializers.CharField(
        help_text=gettext_lazy("数据项代码，如 pupils_primary；不是某一项的是空的。")
    )
    found = serializers.CharField()
    about = serializers.CharField(
        help_text=gettext_lazy("所在行的学校、指标或事项；不在某一行的是空的。")
    )
    what = serializers.CharField()
    expected = serializers.CharField()
    fix = serializers.CharField()
    text = serializers.CharField(help_text=gettext_lazy("问题、应当是、怎么改连成一段。"))


class AnswerSerializer(serializers.Serializer):
    """What became of a workbook, or what would (试读)."""

    may_lack = {"unexplained", "reasons", "verdict", "digest"}

    status = serializers.ChoiceField(choices=("usable", "refused", "held", "kept", "unchanged"))
    number = serializers.IntegerField(allow_null=True)
    file = serializers.CharField()
    sha256 = serializers.CharField()
    schools = serializers.IntegerField()
    counts = CountsSerializer()
    unexplained = serializers.ListField(child=serializers.CharField())
    reasons = serializers.DictField(
        child=serializers.CharField(), help_text=gettext_lazy("警告的编号和已写明的原因。")
    )
    findings = FindingSerializer(many=True)
    changes = serializers.DictField()
    verdict = serializers.CharField(allow_null=True)
    digest = serializers.CharField(allow_null=True)


class UploadParameters(serializers.Serializer):
    dry_run = serializers.BooleanField(
        default=False, help_text=gettext_lazy("true：只检查，什么也不保存，应答 200 和检查结果。")
    )
