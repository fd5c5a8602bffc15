"""The audit trail as a table: every column of an entry, and what it changed in words."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from import_export import resources

from . import words
from .models import Entry
from .wording import changes_of, object_kind, unit_name

COLUMNS: tuple[tuple[str | Promise, Callable[[Entry], Any]], ...] = (
    (_("序号"), attrgetter("number")),
    (_("时间"), attrgetter("at")),  # the renderers write the moment with its time zone
    (_("账号"), attrgetter("actor")),
    (_("姓名"), attrgetter("actor_name")),
    (_("区县代码"), attrgetter("district_code")),
    (_("区县"), unit_name),
    (_("另一区县代码"), attrgetter("other_district_code")),
    (_("动作代码"), attrgetter("action")),
    (_("动作"), lambda entry: words.action_name(entry.action)),
    (_("对象类型代码"), attrgetter("object_type")),
    (_("对象类型"), object_kind),
    (_("对象编号"), attrgetter("object_id")),
    (_("对象"), attrgetter("object_label")),
    (_("变化"), lambda entry: "\n".join(map(str, changes_of(entry)))),
    (_("变化原文"), attrgetter("changes")),
    (_("原因"), attrgetter("reason")),
    (_("请求编号"), attrgetter("request_id")),
    (_("上一条指纹"), attrgetter("previous_hash")),
    (_("指纹"), attrgetter("hash")),
)


class EntryResource(resources.ModelResource):
    """Only goes out. ``viewer`` is anybody who may read the trail: it is one for the whole city."""

    class Meta:
        model = Entry

    def __init__(self, viewer: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def get_export_headers(self, **kwargs: Any) -> list[str]:
        return [str(header) for header, _read in COLUMNS]

    def export_resource(self, instance: Entry, **kwargs: Any) -> list[Any]:
        return [read(instance) for _header, read in COLUMNS]
