"""The audit trail as a table: every column of an entry, and what it changed in words."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from import_export import fields, resources

from . import words
from .models import Entry
from .wording import changes_of, object_kind, unit_name

HEADERS: dict[str, str | Promise] = {
    "number": _("序号"),
    "at": _("时间"),
    "actor": _("账号"),
    "actor_name": _("姓名"),
    "district_code": _("区县代码"),
    "unit": _("区县"),
    "other_district_code": _("另一区县代码"),
    "action": _("动作代码"),
    "action_words": _("动作"),
    "object_type": _("对象类型代码"),
    "kind": _("对象类型"),
    "object_id": _("对象编号"),
    "object_label": _("对象"),
    "changes_in_words": _("变化"),
    "changes": _("变化原文"),
    "reason": _("原因"),
    "request_id": _("请求编号"),
    "previous_hash": _("上一条指纹"),
    "hash": _("指纹"),
}


class EntryResource(resources.ModelResource):
    """Only goes out. ``viewer`` is anybody who may read the trail: it is one for the whole city."""

    unit = fields.Field()
    action_words = fields.Field()
    kind = fields.Field()
    changes_in_words = fields.Field()

    class Meta:
        model = Entry
        fields: ClassVar = tuple(HEADERS)
        export_order = fields

    def __init__(self, viewer: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name, field in self.fields.items():
            field.column_name = str(HEADERS[name])

    def dehydrate_number(self, entry: Entry) -> int:
        return entry.number

    def dehydrate_at(self, entry: Entry) -> Any:
        """The moment itself, which the renderers write with its time zone."""
        return entry.at

    def dehydrate_unit(self, entry: Entry) -> str:
        return unit_name(entry)

    def dehydrate_action_words(self, entry: Entry) -> str:
        return words.action_name(entry.action)

    def dehydrate_kind(self, entry: Entry) -> str:
        return object_kind(entry)

    def dehydrate_changes_in_words(self, entry: Entry) -> str:
        return "\n".join(map(str, changes_of(entry)))

    def dehydrate_changes(self, entry: Entry) -> Any:
        return entry.changes
