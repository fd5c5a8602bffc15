"""Serializers that refuse what they do not know and what they do not take."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

# Field class → the JSON type it is written as; a number in quotes is text, not a number.
_JSON_TYPES: tuple[tuple[Any, type], ...] = (
    (serializers.BooleanField, bool),
    (serializers.IntegerField, int),
    (
        (
            serializers.CharField,
            serializers.ChoiceField,
            serializers.DateField,
            serializers.DateTimeField,
            serializers.SlugRelatedField,
        ),
        str,
    ),
)


class StrictSerializer(serializers.Serializer):
    """Unknown and read-only members and wrong JSON types are errors, not silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            errors = {name: self._objection(name, value) for name, value in data.items()}
            if found := {name: [error] for name, error in errors.items() if error}:
                raise serializers.ValidationError(found)
        return super().to_internal_value(data)

    def _objection(self, name: str, value: Any) -> ErrorDetail | None:
        field = self.fields.get(name)
        if field is None:
            return ErrorDetail(self._unknown(name), "unknown")
        if field.read_only:
            return ErrorDetail(_("「%s」由门户填写，不能写入。") % name, "read_only")
        if value is not None and not _is_of_type(field, value):
            return ErrorDetail(_("「%s」的类型不对；数字不加引号，文字要加引号。") % name, "type")
        if isinstance(value, str) and "\0" in value:
            return ErrorDetail(_("「%s」含有空字符（U+0000），不能保存。") % name, "null_character")
        return None

    def _unknown(self, name: str) -> str:
        writable = [n for n, f in self.fields.items() if not f.read_only]
        return _("没有「%(found)s」这一项；可写的有 %(known)s。") % {
            "found": name[:60],
            "known": ", ".join(writable),
        }


def _is_of_type(field: serializers.Field, value: Any) -> bool:
    for kind, expected in _JSON_TYPES:
        if isinstance(field, kind):
            return isinstance(value, expected) and not (expected is int and isinstance(value, bool))
    return True


class InEnglish(serializers.CharField):
    """A name of the reference data in English, beside the name, whatever the reader's language."""

    def __init__(self, source: str, **more: Any) -> None:
        super().__init__(source=source, read_only=True, **more)

    def to_representation(self, value: Any) -> str:
        with override("en"):
            return _(str(value)) if value else ""


class NumberParameter(serializers.IntegerField):
    """A whole number in an address, where everything is text."""

    default_error_messages = {"invalid": gettext_lazy("应为整数，例如 12。")}


class WholeNumberField(serializers.IntegerField):
    """An integer written as one: neither ``"7"`` nor ``7.0`` nor ``true``."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class OneOfField(serializers.ChoiceField):
    """One of the choices; the refusal lists them."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("没有「{input}」这个值；可用的有 {known}。")
    }

    def fail(self, key: str, **params: Any) -> None:
        super().fail(key, known=", ".join(map(str, self.choices)), **params)


class DryRunParameters(serializers.Serializer):
    dry_run = serializers.BooleanField(
        required=False, help_text=gettext_lazy("true 表示只预览，什么也不保存。")
    )


class ProblemErrorSerializer(serializers.Serializer):
    """One place that is wrong: in the address, in the body, or in a workbook."""

    may_lack = {"parameter", "pointer", "sheet", "cell"}

    parameter = serializers.CharField(required=False)
    pointer = serializers.CharField(required=False)
    sheet = serializers.CharField(required=False)
    cell = serializers.CharField(required=False)
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """What every refusal and error looks like (RFC 9457); the last two with a refused workbook."""

    may_lack = {"number", "marked"}

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    errors = ProblemErrorSerializer(many=True)
    request_id = serializers.CharField()
    number = serializers.IntegerField(required=False)
    marked = serializers.URLField(required=False)
