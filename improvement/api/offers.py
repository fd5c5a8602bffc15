"""A step that leaves the present state, open to the caller or with what stands in the way."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class StepOfferSerializer(serializers.Serializer):
    step = serializers.CharField(source="step.name")
    label = serializers.CharField(source="step.label")
    is_open = serializers.BooleanField()
    blocked_by = serializers.CharField(help_text=_("现在不能办理的原因；能办理时是空的。"))
    needs_comment = serializers.BooleanField(
        source="step.needs_comment", help_text=_("办理时必须写意见或原因。")
    )
