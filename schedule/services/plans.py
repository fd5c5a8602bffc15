"""Re-plans: shows the impact first, then publishes a new version; old versions stay as they are."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.services import record
from districts.models import District, User
from districts.roles import DISTRICT_ROLES, Role
from schedule import progress
from schedule.models import FIRST_YEAR, LAST_YEAR, PlannedCertification, PlanVersion
from schedule.services.impacts import Impact, Move, compare
from schedule.services.reading import events_until, today
from selfchecks.services import notices

MAY_REPLAN = (Role.INSPECTOR, Role.MANAGER)
# In the source language, whoever publishes: readers get it in theirs.
TITLE = "规划调整"


class UnusableChanges(Unusable):
    """Some changes to the plan cannot be made; ``by_unit`` has a sentence for each of them."""

    code = "unusable_change"

    def __init__(self, refusals: Mapping[str, Unusable]) -> None:
        first = next(iter(refusals.values()))
        super().__init__(first.sentence, fields=first.fields)
        self.by_unit = {code: refusal.sentence for code, refusal in refusals.items()}


class AlreadyPublished(Stale):
    """The same person published the very same re-planning a moment ago, as ``version``."""

    code = "already_published"

    def __init__(self, version: PlanVersion) -> None:
        super().__init__(_("这次调整已作为第 %s 版规划发布，没有重复发布。") % version.number)
        self.version = version


def latest_version() -> PlanVersion:
    """The newest published version. Raises Conflict when none is loaded."""
    version = PlanVersion.objects.order_by("-number").first()
    if version is None:
        raise Conflict(_("还没有发布任何规划；请先运行 load_reference 载入规划。"))
    return version


def preview(*, changes: Mapping[str, int]) -> Impact:
    """What changes (unit code → year) to the newest version would do; writes nothing.

    Raises UnusableChanges for unknown or abolished units and years outside 2022–2030, Unusable
    for no change at all.
    """
    version, districts = latest_version(), _districts(changes)
    refusals = {
        code: refusal
        for code, year in changes.items()
        if (refusal := _objection(code, year, districts.get(code)))
    }
    if refusals:
        raise UnusableChanges(refusals)
    if all(version.years.get(code) == year for code, year in changes.items()):
        raise Unusable(_("规划年份没有变化；请选择与现在不同的年份。"), code="no_change")
    return _impact(version, changes)


def impact_of(version: PlanVersion) -> Impact | None:
    """What publishing a version changed in the one it is based on; None for the first."""
    older = version.based_on
    if older is None:
        return None
    changes = {code: year for code, year in version.years.items() if older.years.get(code) != year}
    return _impact(older, changes)


def _impact(version: PlanVersion, changes: Mapping[str, int]) -> Impact:
    before, districts = version.years, _districts(changes)
    certified = progress.certified_days(events_until(today()))
    moves = (
        Move(districts[code], before.get(code), year, certified.get(code))
        for code, year in changes.items()
    )
    return Impact(version, tuple(moves), compare(before, {**before, **changes}))


def _districts(codes: Mapping[str, int]) -> dict[str, District]:
    return {district.code: district for district in District.objects.filter(code__in=list(codes))}


def _objection(code: str, year: int, district: District | None) -> Unusable | None:
    if district is None:
        return Unusable.at("district", _("没有代码为「%s」的区县。") % code)
    if not district.exists_on(today()):
        sentence = _("%s已撤并，它的规划任务由谁承担待市级明确，不能在这里改年份。")
        return Unusable.at("district", sentence % district)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        sentence = _("规划年份应在 %(first)s 到 %(last)s 之间，现在是 %(year)s。")
        facts = {"first": FIRST_YEAR, "last": LAST_YEAR, "year": year}
        return Unusable.at("year", sentence % facts)
    return None


@transaction.atomic
def replan(
    *,
    changes: Mapping[str, int],
    reason: str,
    document_number: str,
    by: User,
    expected_version: int | None = None,
) -> PlanVersion:
    """Publish a new version in which the given units have new years; the old one stays.

    ``expected_version`` is the version number whose impact was shown: if another was published
    meanwhile, Stale is raised, AlreadyPublished if it is the very same one. Raises NotAllowed for
    other roles, Unusable without reason or document number.
    """
    if by.role not in MAY_REPLAN:
        raise NotAllowed(_("调整规划由市级督学或市级管理员进行，您的账号不能做这一步。"))
    version = PlanVersion(
        title=TITLE,
        document_number=document_number.strip(),
        reason=reason.strip(),
        published_on=today(),
        published_at=timezone.now(),
        published_by=by,
    )
    _require_grounds(version)
    # One re-planning at a time: the number of the new version follows the newest.
    list(PlanVersion.objects.select_for_update())
    if expected_version is not None:
        _refuse_second_click(version, changes, expected_version)
    impact = preview(changes=changes)
    if expected_version not in (None, impact.version.number):
        raise Stale(
            _("您查看影响之后，第 %s 版规划已发布；请在新版上重新查看影响。")
            % impact.version.number
        )
    _publish(version, impact)
    record(
        action="plan.publish",
        by=by,
        on=version,
        changes={move.district.code: [move.before, move.after] for move in impact.moves},
        reason=version.reason,
    )
    _tell_units(impact, version)
    return version


def _tell_units(impact: Impact, version: PlanVersion) -> None:
    for move in impact.moves:
        notices.post(
            kind="plan.entered" if move.before is None else "plan.moved",
            to=notices.people_in(move.district.pk, DISTRICT_ROLES),
            key=f"{version.number}.{move.district.code}",
            by=version.published_by,
            page=("unit", move.district.code),
            district=move.district,
            number=version.number,
            document=version.document_number,
            was=move.before,
            year=move.after,
            comment=version.reason,
        )


def _require_grounds(version: PlanVersion) -> None:
    missing = {}
    if fault := fault_of_required(version.reason, _("请写明调整规划的原因。")):
        missing["reason"] = fault
    if not version.document_number:
        missing["document_number"] = _("请填写批准调整的文件文号。")
    if missing:
        raise Unusable(next(iter(missing.values())), code="required", fields=missing)


def _refuse_second_click(asked: PlanVersion, changes: Mapping[str, int], expected: int) -> None:
    last = latest_version()
    impact = impact_of(last)
    if impact is None or impact.version.number != expected:
        return
    # Told by its content, not by a token: a page sent again after a lost answer counts too.
    grounds = ("published_by", "reason", "document_number")
    is_same = all(getattr(last, name) == getattr(asked, name) for name in grounds)
    if is_same and {move.district.code: move.after for move in impact.moves} == dict(changes):
        raise AlreadyPublished(last)


def _publish(version: PlanVersion, impact: Impact) -> None:
    version.number = impact.version.number + 1
    version.based_on = impact.version
    version.save()
    # All units again, moved or not: each version can be read without its predecessors.
    years = dict(impact.version.entries.values_list("district_id", "year"))
    years.update({move.district.pk: move.after for move in impact.moves})
    PlannedCertification.objects.bulk_create(
        PlannedCertification(version=version, district_id=pk, year=year)
        for pk, year in years.items()
    )
