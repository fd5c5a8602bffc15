"""Where the plan is heading: milestones, units, what is assumed, which years could be exchanged."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from audit.refusals import Refused, one_of, understood
from districts.access import SignedInRequest
from schedule import outlook as words
from schedule.forecast import LEAST_CHANGES
from schedule.services.outlook import Outlook, outlook_on, parse_days
from schedule.services.reading import today
from selfchecks.admin.work import DeskView
from selfchecks.files import offered_book


class OutlookView(DeskView):
    """``days`` asks for another time between approval and announcement than the one seen."""

    template_name = "admin/schedule/outlook.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        asked = request.GET.get("days", "").strip()
        days, problem = understood(parse_days, asked, "")
        try:
            found = outlook_on(today(), days)
        except Refused as refusal:
            return self.render({"title": _("规划走向"), "refusal": refusal}, 200)
        if one_of(request.GET, "format", ["xlsx"]) and problem is None:
            name = _("规划走向-%s.xlsx") % found.position.progress.as_of
            return offered_book(words.outlook_book(found), name)
        return self.render(_context(found, asked) | {"problem": problem}, 422 if problem else 200)


def _context(found: Outlook, asked: str) -> dict[str, Any]:
    years = [each.phase.end_year for each in found.milestones]
    units = found.position.districts
    moves = [(units[move.code], move) for move in found.advice.moves]
    query = urlencode({"unit": [move.code for move in found.advice.moves]}, doseq=True)
    late, *others = words.groups_of(found, years)
    return {
        "title": _("规划走向"),
        "found": found,
        "late": late,
        "others": others,
        "asked": asked,
        "headline": words.headline(found),
        "paces": words.PACE_NAMES.values(),
        "years": years,
        "milestones": [(each, words.milestone_cells(each)) for each in found.milestones],
        "has_chances": any(unit.chances for unit in found.units),
        "least_changes": LEAST_CHANGES,
        "swap_words": words.swap_words(found),
        "moves": moves,
        "replan": f"{reverse('admin:schedule_planversion_replan')}?{query}",
    }
