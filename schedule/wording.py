"""Says in plain words where a unit stands: the same sentence on pages, in charts and in files."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, pgettext_lazy

from districts.models import District, Succession
from districts.models.succession import SuccessionKind
from districts.spelling import hyphenated
from districts.wording import day_text
from schedule import progress
from schedule.models import CertificationEvent, CertificationList, PlanVersion, Result
from schedule.progress import ABOLISHED, Standing
from schedule.services import reading
from schedule.services.impacts import Move, YearImpact
from selfchecks.models import Evaluation

# A year that is over does not make a unit late that may stand on a list without names.
OPEN = "open"

# For counts and legends.
STATES: dict[str, str | Promise] = {
    progress.CERTIFIED: gettext_lazy("已通过国家认定"),
    progress.RECOMMENDED: gettext_lazy("已推荐，国家认定中"),
    progress.REVIEWING: gettext_lazy("区县或市级评估中"),
    progress.LATE: gettext_lazy("已过规划年份，未通过"),
    OPEN: gettext_lazy("已过规划年份，待核"),
    progress.NOT_STARTED: gettext_lazy("未到期"),
    progress.ABOLISHED: gettext_lazy("已撤并，待市级明确"),
}

# How each state is drawn wherever it stands: its colour's name, its glyph, its words in a column.
MARKS = {
    progress.CERTIFIED: ("pass", "●", pgettext_lazy("short", "已通过")),
    progress.RECOMMENDED: ("nat", "◐", pgettext_lazy("short", "认定中")),
    progress.REVIEWING: ("rev", "○", pgettext_lazy("short", "评估中")),
    progress.LATE: ("late", "!", pgettext_lazy("short", "已过年份")),
    OPEN: ("unk", "?", pgettext_lazy("short", "待核")),
    progress.NOT_STARTED: ("idle", "–", pgettext_lazy("short", "未到期")),
    progress.ABOLISHED: ("gone", "⇢", pgettext_lazy("short", "已撤并")),
}

# Names that stand in reference data and are read by people: listed so that they get translated.
REFERENCE_NAMES = (
    gettext_lazy("试点推进阶段"),
    gettext_lazy("整体推进阶段"),
    gettext_lazy("攻坚推进阶段"),
    gettext_lazy("重庆市县域义务教育优质均衡发展督导评估工作规划"),
    gettext_lazy("规划调整"),
    gettext_lazy("主城都市区"),
    gettext_lazy("渝东北三峡库区城镇群"),
    gettext_lazy("渝东南武陵山区城镇群"),
    gettext_lazy("中心城区"),
    gettext_lazy("主城新区"),
    gettext_lazy("2024年"),
    gettext_lazy("2025年第一批"),
    gettext_lazy("区县自评"),
    gettext_lazy("市级督导评估"),
    gettext_lazy("申请国家认定"),
    gettext_lazy("资格审查"),
    gettext_lazy("质量监测"),
    gettext_lazy("社会认可度调查"),
    gettext_lazy("指标审核"),
    gettext_lazy("实地核查"),
    gettext_lazy("核查评估"),
    gettext_lazy("集中汇审"),
    gettext_lazy("公布认定结果"),
    gettext_lazy("首次报道日;文件日期和文号待核"),
    gettext_lazy("没有一个来源写明是哪六个区"),
    gettext_lazy("来源页未载文号和公布日"),
    gettext_lazy("来源点到这个单位"),
    gettext_lazy("来源说全市至此整体通过,未点出这个单位"),
    gettext_lazy("公布在荣昌区政府网站 rongchang.gov.cn,完整网址待核"),
    gettext_lazy("文号不详；此件依申请公开，没有公开网址"),
    gettext_lazy("行政区"),
)


def tile_name(district: District) -> str:
    """The short name on a tile, as the plan's tables write it: 沙坪坝, 两江, 忠县."""
    if get_language() == "en" and district.english_name:
        words = district.english_name.removeprefix("Chongqing ").split()
        return words[0]
    name = district.name.removeprefix("重庆")
    for ending in ("经开区", "新区", "区", "县"):
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending)
    return name


def breakable_name(district: District) -> str:
    """The same for a narrow tile: an English name may be broken between its syllables."""
    name = tile_name(district)
    return hyphenated(name, district.reading) if get_language() == "en" else name


def shown_state(standing: Standing) -> str:
    """The state as pages draw and say it."""
    is_open = standing.status == progress.LATE and not standing.certain
    return OPEN if is_open else standing.status


def state_words(standing: Standing) -> str:
    """Where the unit stands, with the date or year that belongs to it."""
    if standing.certified_on:
        return gettext("%(day)s通过国家认定") % {"day": day_text(standing.certified_on)}
    if standing.lost:
        return gettext("%(day)s国家认定被撤销") % {"day": day_text(standing.lost[1])}
    if standing.planned_year is None:
        return gettext("这一版规划没有列入")
    if standing.status != progress.NOT_STARTED:
        return str(STATES[shown_state(standing)])
    sentence = gettext("还没有通过的记录，未到期，应在 %(year)s 年底前通过")
    if standing.certain:
        sentence = gettext("还没有通过，未到期，应在 %(year)s 年底前通过")
    return sentence % {"year": standing.planned_year}


def timing_words(standing: Standing) -> str:
    """Early, on time or late against the planned year, and by how long; empty when not due."""
    if shown_state(standing) == OPEN:
        return ""
    span = _span(standing)
    if standing.timing == "late":
        sentence = (
            gettext("比规划晚 %(span)s") if standing.certified_on else gettext("已晚 %(span)s")
        )
        return sentence % {"span": span}
    if standing.timing == "early":
        return gettext("比规划早 %(span)s") % {"span": span}
    return gettext("按规划年份通过") if standing.timing == "on_time" else ""


def list_words(one: CertificationList) -> str:
    return gettext(
        "国家公布认定名单「%(name)s」：重庆 %(count)s 个，其中 %(unnamed)s 个没有来源写明名称"
    ) % {"name": gettext(one.name), "count": one.units_in_city, "unnamed": one.units_unnamed}


def event_words(event: CertificationEvent) -> str:
    """What an event says about its unit, without naming the unit."""
    sentences = {
        Result.STARTED: gettext("进入「%(step)s」环节"),
        Result.PASSED: gettext("通过「%(step)s」环节"),
        Result.FAILED: gettext("未通过「%(step)s」环节"),
        Result.PUBLISHED: gettext("公布「%(step)s」报告"),
        Result.CERTIFIED: gettext("通过国家认定"),
        Result.REVOKED: gettext("国家认定被撤销"),
    }
    return sentences[Result(event.result)] % {"step": gettext(event.step.name)}


def resting_on(evaluation: Evaluation) -> str:
    """The first thing recorded that rests on a result; empty while nothing does."""
    event = evaluation.events.select_related("step").order_by("date", "pk").first()
    return f"{day_text(event.date)} {event_words(event)}" if event else ""


def succession_words(succession: Succession) -> str:
    """Who went into whom, and how much of it; how that is counted until the city says."""
    sentences = {
        SuccessionKind.WHOLE: gettext("%(old)s撤销，整体并入%(new)s"),
        SuccessionKind.PART: gettext("%(old)s撤销，一部分并入%(new)s"),
        SuccessionKind.TRANSFER: gettext("%(old)s的一部分划入%(new)s"),
        SuccessionKind.REPLACED: gettext("%(old)s由%(new)s接替"),
    }
    said = sentences[SuccessionKind(succession.kind)] % {
        "old": succession.predecessor.display_name,
        "new": succession.successor.display_name,
    }
    return _with_settings(succession, said)


def _with_settings(succession: Succession, said: str) -> str:
    """What is set until the city decides; nothing where nobody takes anything over."""
    takes, carries = succession.takes_place, succession.carries_certification
    if succession.kind != SuccessionKind.REPLACED and not (takes or carries):
        return said
    return gettext("%(said)s（现行口径%(place)s，认定结果%(certification)s；待市级明确）") % {
        "said": said,
        "place": gettext("由它接替计数") if takes else gettext("不由它接替计数"),
        "certification": gettext("按延续计") if carries else gettext("按不延续计"),
    }


def totals_in_words() -> dict[str, str]:
    """How many units are counted today, on both bases; nothing while there is no plan."""
    if not PlanVersion.objects.exists():
        return {}
    names = {progress.PLAN: gettext("规划口径"), progress.CURRENT: gettext("现行口径")}
    return {
        name: gettext("%(units)s 个单位，%(certified)s 个已通过，%(open)s 个待市级明确")
        % {"units": found.units, "certified": found.certified, "open": found.count(ABOLISHED)}
        for basis, name in names.items()
        if (found := reading.position_on(reading.today(), basis).progress)
    }


def warnings_of(moves: Iterable[Move]) -> Iterator[str]:
    """What the rules allow and is probably a slip: a sentence for each unit it is true of."""
    for move in moves:
        facts = {"name": move.district.name, "year": move.after}
        if move.certified_on:
            facts["day"] = day_text(move.certified_on)
            yield gettext("%(name)s已于 %(day)s通过国家认定，改规划年份不影响认定结果。") % facts
        elif move.is_late_at_once:
            sentence = gettext(
                "%(name)s还没有通过国家认定，而 %(year)s 年已经过去：发布后立即算逾期。"
            )
            yield sentence % facts


def milestone_words(year: YearImpact) -> str:
    facts: dict[str, Any] = {"year": year.year, "target": year.target}
    facts |= {"before": year.cumulative_before, "after": year.cumulative_after}
    if year.falls_short:
        sentence = gettext(
            "到 %(year)s 年应达 %(target)s 个：调整后只有 %(after)s 个，"
            "达不到（原来 %(before)s 个）"
        )
    elif year.is_missed:
        sentence = gettext("到 %(year)s 年应达 %(target)s 个：原来就达不到，现规划 %(after)s 个。")
    elif year.is_changed:
        sentence = gettext(
            "到 %(year)s 年应达 %(target)s 个：仍能达到（%(before)s → %(after)s 个）。"
        )
    else:
        sentence = gettext("到 %(year)s 年应达 %(target)s 个：不受影响（%(after)s 个）。")
    return sentence % facts


def _span(standing: Standing) -> str:
    """The distance from the planned year, in years and months, with the exact days."""
    days = abs(standing.days_late)
    if not days or standing.planned_year is None:
        return ""
    if standing.days_late > 0:
        start = date(standing.planned_year, 12, 31)
        months = _months_between(start, start + timedelta(days=days))
    else:
        end = date(standing.planned_year, 1, 1)
        months = _months_between(end - timedelta(days=days), end)
    exact = ngettext("%(count)s 天", "%(count)s 天", days) % {"count": days}
    rough = _years_and_months(months)
    return gettext("%(rough)s(%(exact)s)") % {"rough": rough, "exact": exact} if rough else exact


def _months_between(start: date, end: date) -> int:
    """Whole months from one day to a later one."""
    months = (end.year - start.year) * 12 + end.month - start.month
    # From 31 December to the last of February are two months, whatever its number.
    is_last_day = (end + timedelta(days=1)).month != end.month
    return months - (end.day < start.day and not is_last_day)


def _years_and_months(months: int) -> str:
    years, rest = divmod(months, 12)
    parts = []
    if years:
        parts.append(ngettext("%(count)s 年", "%(count)s 年", years) % {"count": years})
    if rest:
        parts.append(ngettext("%(count)s 个月", "%(count)s 个月", rest) % {"count": rest})
    return " ".join(parts)
