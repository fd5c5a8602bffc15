"""Says the totals in plain words: what is announced, what nobody can name, why sums differ."""

from collections.abc import Collection, Mapping

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from districts.wording import day_text, listed
from schedule import progress
from schedule.progress import Progress

HEADLINES = {
    (progress.PLAN, False): gettext_lazy(
        "截至{day}，{units} 个规划单位中 {certified} 个已通过国家认定"
    ),
    (progress.PLAN, True): gettext_lazy(
        "截至{day}，{units} 个规划单位中已公布 {certified} 个通过国家认定"
        "，其中 {unnamed} 个的名单待核"
    ),
    (progress.CURRENT, False): gettext_lazy(
        "截至{day}，{units} 个现行单位中 {certified} 个已通过国家认定"
    ),
    (progress.CURRENT, True): gettext_lazy(
        "截至{day}，{units} 个现行单位中已公布 {certified} 个通过国家认定"
        "，其中 {unnamed} 个的名单待核"
    ),
}


def headline(counted: Progress) -> str:
    """How many units are announced as certified, and how many of them nobody has named yet."""
    return format_html(
        str(HEADLINES[counted.basis, counted.certified_unnamed > 0]),
        day=day_text(counted.as_of),
        units=format_html('<span class="figure">{}</span>', counted.units),
        certified=format_html("<strong>{}</strong>", counted.certified),
        unnamed=format_html("<strong>{}</strong>", counted.certified_unnamed),
    )


def unnamed_words(counted: Progress) -> str:
    """Why nobody can say of the others that they are not certified; empty when all are named."""
    count = counted.certified_unnamed
    sentence = ngettext(
        "国家已公布的名单上，重庆还有 %(count)s 个单位没有来源写明名称，不能确定是哪一个。",
        "国家已公布的名单上，重庆还有 %(count)s 个单位没有来源写明名称，不能确定是哪几个。",
        count,
    )
    return sentence % {"count": count} if count else ""


def at_least(count: int | None, certain: bool) -> str:
    """A count, as a lower bound while nobody knows who the others are."""
    if count is None:
        return gettext("阶段未开始")
    return str(count) if certain else gettext("至少 %(count)s") % {"count": count}


def gone_words(counted: Progress, names: Mapping[str, str]) -> str:
    """Why the current basis counts fewer than the plan's; empty where it does not."""
    if not counted.gone:
        return ""
    return gettext(
        "%(names)s已通过国家认定，如今不再是单独的单位，所以现行口径比规划口径少 %(count)s 个；"
        "认定结果是否由承接单位延续，待市级明确。"
    ) % {"names": listed(names[code] for code in counted.gone), "count": len(counted.gone)}


def beside_words(counted: Progress, names: Collection[str]) -> str:
    """Why naming a unit of a list can lower the total: it is none of those counted here."""
    if not names:
        return ""
    return gettext(
        "%(names)s已通过国家认定，但不在这里计数的 %(units)s 个单位之内：名称待核时算在公布数里，"
        "写明名称后总数就少 %(count)s 个。"
    ) % {"names": listed(names), "units": counted.units, "count": len(names)}


def finding(counted: Progress) -> str:
    """What the outcome says beside the plan, in one line: the newest growth, and the gap."""
    if counted.certified and counted.certified == counted.units:
        return gettext("%(count)s 个单位全部通过国家认定") % {"count": counted.units}
    due = {year.year: year.cumulative_planned for year in counted.years}
    over = [year for year in due if year < counted.as_of.year]
    if not over:
        return gettext("已通过 %(count)s 个；%(year)s 年底应有 %(due)s 个") % {
            "count": counted.certified, "year": min(due), "due": due[min(due)],
        }  # fmt: skip
    return gettext("%(growth)s，%(gap)s") % {
        "growth": _growth(counted),
        "gap": _gap(counted.certified, over[-1], due[over[-1]]),
    }


def _growth(counted: Progress) -> str:
    if not counted.course:
        return gettext("还没有单位通过")
    day, total = counted.course[-1]
    grown = total - (counted.course[-2][1] if len(counted.course) > 1 else 0)
    sentence = ngettext("%(month)s增加 %(count)s 个", "%(month)s增加 %(count)s 个", grown)
    if grown < 0:
        sentence = gettext("%(month)s因撤销减少 %(count)s 个")
    return sentence % {"month": date_format(day, "YEAR_MONTH_FORMAT"), "count": abs(grown)}


def _gap(certified: int, year: int, due: int) -> str:
    short = due - certified
    if short > 0:
        sentence = ngettext(
            "比 %(year)s 年底的规划少 %(count)s 个", "比 %(year)s 年底的规划少 %(count)s 个", short
        )
    elif short:
        sentence = gettext("比 %(year)s 年底的规划多 %(count)s 个")
    else:
        sentence = gettext("正好是 %(year)s 年底规划的 %(due)s 个")
    return sentence % {"year": year, "count": abs(short), "due": due}


def due_words(counted: Progress, names: Mapping[str, str]) -> str:
    """Why what is missing by the plan and the units past their year are two numbers: the sum."""
    year = counted.as_of.year - 1
    due = [unit for unit in counted.standings if (unit.planned_year or year + 1) <= year]
    done = sum(unit.status == progress.CERTIFIED for unit in due)
    gone = [names[unit.code] for unit in due if unit.status == progress.ABOLISHED]
    late, early = len(counted.late), counted.certified_named - done
    unnamed, gap = counted.certified_unnamed, len(due) - counted.certified
    parts = [
        (done, ngettext("%(count)s 个已通过", "%(count)s 个已通过", done)),
        (late, ngettext("%(count)s 个已过规划年份", "%(count)s 个已过规划年份", late)),
        (len(gone), gettext("%(count)s 个已撤并、待市级明确（%(names)s）")),
        (early, ngettext("另有 %(count)s 个提前通过", "另有 %(count)s 个提前通过", early)),
        (unnamed, ngettext("另公布 %(count)s 个待核", "另公布 %(count)s 个待核", unnamed)),
        (max(gap, 0), ngettext("合起来差 %(count)s 个", "合起来差 %(count)s 个", gap)),
    ]
    facts = {"names": listed(gone), "year": year, "due": len(due)}
    said = [sentence % {**facts, "count": count} for count, sentence in parts if count]
    head = gettext("规划到 %(year)s 年底应有 %(due)s 个：%(parts)s。")
    return (
        head % {**facts, "parts": pgettext("between two clauses", "，").join(said)} if due else ""
    )
