"""Documents over REST: those attached, and one more for an indicator or a veto item."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from rest.parsers import FormParser
from rest.serializers import StrictSerializer
from selfchecks.contents import MOST_BYTES, TAKEN
from selfchecks.models import EvidenceItem
from selfchecks.services.blockers import MAY_UPLOAD
from selfchecks.services.evidence import add_evidence

from .found import SAMPLES, SelfCheckRows, self_check_of, writing


class EvidenceSerializer(serializers.ModelSerializer):
    file = serializers.CharField(source="display_name")
    uploaded_by = serializers.CharField(source="added_by.display_name")
    uploaded_at = serializers.DateTimeField(source="added_at", help_text=_("上传时间"))

    class Meta:
        model = EvidenceItem
        fields = (
            *("id", "indicator", "school_code", "file", "kind", "size", "sha256", "note"),
            *("uploaded_by", "uploaded_at"),
        )


class DocumentSerializer(StrictSerializer):
    file = serializers.FileField(help_text=TAKEN)


class AttachingParameters(serializers.Serializer):
    school = serializers.CharField(
        required=False, max_length=60, help_text=_("材料说的是哪所学校：标识码或全名；可不写。")
    )
    note = serializers.CharField(required=False, max_length=300, help_text=_("说明；可不写。"))


class EvidenceResource(SelfCheckRows):
    """Attached documents. A POST is a multipart form with one ``file``."""

    model = EvidenceItem
    related = ("added_by",)
    cursor_key = "-pk"
    permission_classes = [writing(*MAY_UPLOAD)]
    serializer_class = EvidenceSerializer
    parser_classes = [FormParser]
    table_name = "evidence"
    samples = {**SAMPLES, "indicator": "B10"}
    texts = {
        "list": _("已附上的佐证材料，最近的在前。"),
        "create": _("给一个指标或一票否决事项附上一份佐证材料；同一文件已附过的不重复，应答 200。"),
    }

    @property
    def parameters_class(self) -> Any:  # type: ignore[override]
        return AttachingParameters if self.action == "create" else None

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(removed_at=None).exclude(indicator="")

    @extend_schema(
        request={"multipart/form-data": DocumentSerializer},
        responses={200: EvidenceSerializer, 201: EvidenceSerializer},
    )
    def create(self, request: Request, reference: str, indicator: str) -> Response:
        self_check = self_check_of(request.user, reference)
        DocumentSerializer(data=request.data).is_valid(raise_exception=True)
        file, before = request.FILES["file"], set(self_check.evidence.values_list("pk", flat=True))
        item = add_evidence(
            self_check=self_check,
            indicator=indicator,
            content=file.read(MOST_BYTES + 1),
            name=file.name or "",
            by=request.user,
            **self.parameters(),
        )
        return Response(self.get_serializer(item).data, status=200 if item.pk in before else 201)
