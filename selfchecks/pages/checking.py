"""What is looked at before signing: verdict, changes, blanks, warnings, and the steps open now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from audit.refusals import Refused
from districts.models import User
from indicators import wording
from selfchecks.models import ReviewEntry, SelfCheck, Upload
from selfchecks.pages import result
from selfchecks.pages.changes import Changes, changes_of
from selfchecks.pages.findings import Group, warnings_of
from selfchecks.pages.tasks import newer_held
from selfchecks.services import evaluations
from selfchecks.services.checking import last_year_of
from selfchecks.services.differences import VerdictChange, compare
from selfchecks.services.reported import from_payload, from_records
from selfchecks.services.steps import Offer, open_steps
from selfchecks.workflow import STEP

FORWARD = ("send_for_signature", "submit")
RETURNING = ("send_back", "reopen")


@dataclass(frozen=True, slots=True)
class Button:
    """A step of the reader's own role: open, or with what stands in its way."""

    name: str
    label: str
    needs_comment: bool
    is_forward: bool
    is_open: bool
    blocked_by: str
    typed: str
    error: str

    @property
    def input_id(self) -> str:
        return f"comment-{self.name}"


@dataclass(frozen=True, slots=True)
class SinceReturn:
    """What is different from the figures that were sent back; ``entry`` sent them."""

    entry: ReviewEntry
    changes: Changes


@dataclass(frozen=True, slots=True)
class CheckPage:
    self_check: SelfCheck
    result: result.ResultPage | None
    current: Upload | None
    newer: Upload | None
    since_return: SinceReturn | None
    last_year: Changes | None
    last_version: Changes | None
    verdict_changes: tuple[str, ...]
    warnings: tuple[Group, ...]
    unexplained: int
    buttons: tuple[Button, ...]
    evidence: int

    @property
    def errors(self) -> list[tuple[str, str]]:
        return [(button.input_id, button.error) for button in self.buttons if button.error]


def build(
    self_check: SelfCheck, viewer: User, typed: Mapping[str, str], refusal: Refused | None
) -> CheckPage:
    """Raises Conflict when the figures cannot be evaluated."""
    current = self_check.uploads.filter(is_current=True).first()
    page = result.build(self_check, with_plots=False)
    return CheckPage(
        self_check=self_check,
        result=page,
        current=current,
        newer=newer_held(self_check, current),
        since_return=_since_return(self_check) if current else None,
        last_year=_last_year(self_check) if current else None,
        last_version=_last_version(self_check, current),
        verdict_changes=tuple(_verdicts(self_check, page)) if page else (),
        warnings=warnings_of(current, {}).all if current else (),
        unexplained=len(current.unexplained()) if current else 0,
        buttons=tuple(_buttons(self_check, viewer, typed, refusal)),
        evidence=self_check.evidence_items.filter(removed_at=None).count(),
    )


def _since_return(self_check: SelfCheck) -> SinceReturn | None:
    entries = self_check.trail.filter(step__in=RETURNING).select_related("evaluation")
    entry = entries.last()
    if entry is None:
        return None
    evaluation = entry.evaluation or self_check.approved_evaluation
    if evaluation is None:
        return None
    found = compare(from_payload(evaluation.inputs), from_records(self_check))
    return SinceReturn(entry, changes_of(self_check, found.as_dict(most=None)))


def _last_year(self_check: SelfCheck) -> Changes | None:
    before = last_year_of(self_check)
    if not before.schools:
        return None
    found = compare(before, from_records(self_check))
    return changes_of(self_check, found.as_dict(most=None))


def _last_version(self_check: SelfCheck, current: Upload | None) -> Changes | None:
    kept = self_check.uploads.filter(kept_at__isnull=False).count()
    has_earlier = current and current.changes and kept > 1
    return changes_of(self_check, current.changes) if has_earlier else None


def _verdicts(self_check: SelfCheck, page: result.ResultPage) -> Iterator[str]:
    for change in evaluations.since_last_year(self_check, dict(page.outcome)):
        yield _change(change, page.names)


def _change(change: VerdictChange, names: Mapping[str, str]) -> str:
    words = {None: _("没有结果"), **{key: str(word) for key, word in wording.VERDICTS.items()}}
    name = {"A": _("资源配置"), "V": _("一票否决")}.get(change.indicator)
    name = name or f"{change.indicator} {names.get(change.indicator, '')}"
    stage = wording.stage_name(change.stage)
    return _("%(name)s%(stage)s:去年%(before)s,今年%(after)s") % {
        "name": name,
        "stage": f"({stage})" if stage else "",
        "before": words[change.before],
        "after": words[change.after],
    }


def _buttons(
    self_check: SelfCheck, viewer: User, typed: Mapping[str, str], refusal: Refused | None
) -> Iterator[Button]:
    """The reader's own steps, the one that moves on first; those of other roles are theirs."""
    offers = open_steps(self_check, viewer)
    for offer in sorted(offers, key=lambda offer: offer.step.name not in FORWARD):
        if viewer.role in offer.step.roles:
            yield _button(offer, typed, refusal)


def _button(offer: Offer, typed: Mapping[str, str], refusal: Refused | None) -> Button:
    step = offer.step
    is_asked = typed.get("step", step.name) == step.name
    sentence = str(refusal.fields.get("comment", refusal)) if refusal and is_asked else ""
    return Button(
        name=step.name,
        label=str(step.label),
        needs_comment=step.needs_comment,
        is_forward=step.name in FORWARD,
        is_open=offer.is_open,
        blocked_by=offer.blocked_by,
        typed=typed.get("comment", "") if is_asked else "",
        error=sentence,
    )


def done_words(entry: ReviewEntry) -> str:
    """What happened, for the page after it."""
    return _("已办理「%(step)s」,现在的状态是「%(state)s」。") % {
        "step": STEP[entry.step].label,
        "state": entry.get_to_state_display(),
    }


def trail_of(self_check: SelfCheck) -> list[tuple[ReviewEntry, str]]:
    """Newest first, each with the name of its step."""
    entries = self_check.trail.select_related("upload", "evaluation").order_by("-number")
    return [(entry, str(STEP[entry.step].label)) for entry in entries]
