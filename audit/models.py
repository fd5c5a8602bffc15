"""Append-only entries, each sealed with the hash of the one before it."""

from collections.abc import Iterator
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .words import action_name

# What a person types to find an entry: parts of texts, and a whole number of a receipt.
FOUND_BY = ("object_label", "actor", "reason", "request_id", "address", "changes__receipt__iexact")


class AppendOnlyError(TypeError):
    """Someone tried to change or delete history; corrections are new entries."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Reads and appends; refuses to rewrite."""

    def of_unit(self, code: str) -> Self:
        """Entries of one unit: what came to it and what left it as well."""
        return self.filter(Q(district_code=code) | Q(other_district_code=code))

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("audit entries are never updated")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("audit entries are never deleted")


class EntryManager(models.Manager[Any]):
    """Leaves the seals where they are: long, and read only on verification."""

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("seals")

    def chain(self) -> Iterator[Any]:
        """Whole entries in their order, with those that are added while the others are read."""
        rows, last, is_over = self.defer(None).order_by("number"), -1, False
        while not is_over:
            is_over = True
            for entry in rows.filter(number__gt=last).iterator(chunk_size=100):
                is_over, last = False, entry.number
                yield entry


class Entry(models.Model):
    """One thing that was done. Person, units and names of that day are kept as text: they outlive
    their rows, and an entry reads the same for ever."""

    number = models.PositiveBigIntegerField(_("序号"), unique=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    actor = models.CharField(_("账号"), max_length=150, blank=True, db_index=True)
    actor_name = models.CharField(_("姓名"), max_length=150, blank=True)
    district_code = models.CharField(_("区县"), max_length=12, blank=True, db_index=True)
    # A school that moves, a unit that follows another: an entry of both units.
    other_district_code = models.CharField(
        _("另一区县"), max_length=12, blank=True, default="", db_index=True
    )
    action = models.CharField(_("动作"), max_length=60, db_index=True)
    object_type = models.CharField(_("对象类型"), max_length=60, blank=True)
    object_id = models.CharField(_("对象编号"), max_length=60, blank=True)
    object_label = models.CharField(_("对象"), max_length=200, blank=True)
    changes = models.JSONField(_("变化"), default=dict, blank=True)
    names = models.JSONField(_("当日名称"), default=dict, blank=True)
    # 1: Python's texts and database keys, as kept before; 2: JSON with natural keys; 3: sealed
    # with a key, and sealing the rows it wrote; 4: with the address it came from; 5: signed.
    layout = models.PositiveSmallIntegerField(_("记录格式"), default=1)
    # Which rows the transaction wrote, and what they were then; see ``audit.seals``.
    seals = models.JSONField(_("所写记录的封存"), default=dict, blank=True)
    sealed_by = models.CharField(_("封存算法与密钥"), max_length=20, blank=True, default="")
    reason = models.TextField(_("原因"), blank=True)
    request_id = models.CharField(_("请求编号"), max_length=64, blank=True)
    address = models.CharField(_("来源地址"), max_length=45, blank=True, default="", db_default="")
    # Of a decision: person, moment, algorithm, key and value; see ``audit.signing``.
    signature = models.JSONField(_("签名"), default=dict, db_default={}, blank=True)
    previous_hash = models.CharField(_("上一条指纹"), max_length=64)
    hash = models.CharField(_("指纹"), max_length=64)

    objects = EntryManager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = pgettext_lazy("plural", "审计记录")
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"{self.number} {action_name(self.action)} {self.object_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("audit entries are never updated")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("audit entries are never deleted")


class ChainHead(models.Model):
    """The last link, one row: locked while an entry is added, compared on verification."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    # With the key: whoever cuts the end off cannot say that it always ended there.
    seal = models.CharField(max_length=64, blank=True, default="")
    sealed_by = models.CharField(max_length=20, blank=True, default="")
    verified_at = models.DateTimeField(null=True, blank=True)
    # The hash of the last entry about what public pages show; see ``audit.shown``.
    shown = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("审计链末端")
        verbose_name_plural = pgettext_lazy("plural", "审计链末端")

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"


class JobRun(models.Model):
    """The last run of a piece of periodic work; decides nothing, so it is under no seal."""

    job = models.CharField(_("工作"), max_length=40, unique=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)
    busy_until = models.DateTimeField(_("占用到"), null=True)
    is_ok = models.BooleanField(_("成功"), null=True)
    figures = models.JSONField(_("件数"), null=True)
    outcome = models.CharField(_("结果"), max_length=500, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "定期工作")
        verbose_name_plural = _("定期工作")
        ordering = ("job",)

    def __str__(self) -> str:
        return self.job


class Worker(models.Model):
    """A process that does what is queued, by the database's clock: see ``audit.workers``."""

    name = models.CharField(_("名称"), max_length=64, unique=True)
    place = models.CharField(_("机器与进程"), max_length=200)
    started_at = models.DateTimeField(_("开始时间"), db_default=Now())
    beat_at = models.DateTimeField(_("最近一次应答"), db_default=Now())

    class Meta:
        verbose_name = pgettext_lazy("one", "后台进程")
        verbose_name_plural = _("后台进程")
        ordering = ("place",)

    def __str__(self) -> str:
        return self.place
