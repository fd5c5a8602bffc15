"""How a row takes a step of its table: one way for every table of this room and of those above."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from audit.reasons import LONGEST_REASON, fault_of_length, fault_of_required
from audit.refusals import Conflict, NotAllowed, Refused, Stale, Unusable
from audit.services import record
from districts.models import User
from districts.roles import Role
from districts.wording import listed
from selfchecks.step import Edge, Offer, Words

Row = TypeVar("Row", bound=Model)
Said = Mapping[str, Any]


def edge_in(table: Iterable[Edge], name: str) -> Edge:
    """Raises Unusable for a name that the table does not offer to people."""
    known = {edge.name: edge for edge in table if edge.is_offered}
    if name not in known:
        facts = {"found": name[:40], "known": ", ".join(known)}
        sentence = _("没有「%(found)s」这一步；可用的有 %(known)s。") % facts
        raise Unusable.at("step", sentence, code="unknown_step")
    return known[name]


class Flow(Generic[Row]):
    """What the rows of one ``model`` need besides their table of ``steps``.

    ``subject`` is the first word of the audit's names, ``related`` what is read with a row.
    ``tag_of`` says what a person decides on, another one whenever that has changed; ``changed`` is
    told to whoever saw an older one. ``comment`` is the input that the audit keeps as the reason,
    of ``longest`` characters. A guard of the table is a method here: what stands in the way.
    """

    model: type[Row]
    subject: str
    steps: tuple[Edge, ...]
    tag_of: Callable[[Any], Any]
    changed: Words
    related: tuple[str, ...] = ("district",)
    comment = "comment"
    longest = LONGEST_REASON

    def take(self, row: Row, step: str, by: User, expected: Any = None, **said: Any) -> Row:
        """One step of one row, as it is now: state, trail, audit and notices change together.

        Raises NotAllowed, Conflict, Stale when ``expected`` is not its tag, Unusable for inputs
        that are missing or wrong.
        """
        edge = edge_in(self.steps, step)
        with transaction.atomic():
            locked = self.lock(row, by, expected)
            if refusal := self.blocker_of(locked, edge, by):
                raise refusal
            self.carry_out(rows=[locked], edge=edge, by=by, said=self.checked(edge, said))
        return locked

    def open_steps(self, row: Row, viewer: User) -> tuple[Offer, ...]:
        """Every step people take from its state, each open to the viewer or with its blocker."""
        return tuple(Offer(edge, self.blocker_of(row, edge, viewer)) for edge in self.leaving(row))

    def open_edges(self, row: Row, viewer: User) -> tuple[Edge, ...]:
        """What the viewer may do with it now."""
        return tuple(offer.step for offer in self.open_steps(row, viewer) if offer.is_open)

    def leaving(self, row: Any) -> Iterable[Edge]:
        return (edge for edge in self.steps if row.state in edge.sources and edge.is_offered)

    def lock(self, row: Row, by: User, expected: Any = None) -> Row:
        """Nobody else changes it now."""
        rows = self.model._default_manager.select_for_update(of=("self",))
        locked: Row = self.found(rows.select_related(*self.related), row, by)
        if expected not in (None, self.tag_of(locked)):
            raise Stale(self.changed)
        return locked

    def found(self, rows: Any, row: Row, by: User) -> Any:
        """Http404 beyond the person's scope."""
        return rows.get_visible(by, pk=row.pk)

    def blocker_of(self, row: Any, edge: Edge, by: User) -> Refused | None:
        """The first thing in the way; None when this person can take the step now."""
        own: list[Callable[..., Refused | None]] = [getattr(self, name) for name in edge.guards]
        checks = (self.not_theirs, self.not_from_here, *own)
        return next((found for check in checks if (found := check(row, edge, by))), None)

    def not_theirs(self, row: Any, edge: Edge, by: User) -> Refused | None:
        roles = self.roles_of(row, edge)
        if by.role in roles:
            return None
        facts = {"step": edge.label, "roles": listed(role.label for role in roles)}
        return NotAllowed(_("「%(step)s」由%(roles)s办理。") % facts)

    def roles_of(self, row: Any, edge: Edge) -> tuple[Role, ...]:
        return edge.roles

    def not_from_here(self, row: Any, edge: Edge, by: User) -> Refused | None:
        if row.state in edge.sources:
            return None
        facts = {"state": row.get_state_display(), "step": edge.label}
        return Conflict(_("现在的状态是「%(state)s」，不能「%(step)s」。") % facts)

    def checked(self, edge: Edge, said: Said) -> dict[str, Any]:
        """What was said, once all that the step asks for is there."""
        comment = str(said.get(self.comment) or "").strip()
        lacks = [name for name in edge.needs if not str(said.get(name) or "").strip()]
        faults = {**self.faults(edge, said), **{name: self.wanted(edge, name) for name in lacks}}
        wanted = self.wanted(edge, self.comment)
        faults[self.comment] = (
            fault_of_required(comment, wanted, self.longest)
            if edge.needs_comment
            else fault_of_length(comment, self.longest)
        )
        Unusable.check(faults, code="required")
        return {**said, self.comment: comment}

    def faults(self, edge: Edge, said: Said) -> dict[str, Any]:
        """What is wrong with other inputs: name → sentence."""
        return {}

    def wanted(self, edge: Edge, name: str) -> Any:
        """The sentence where an input is missing."""
        return _("请写明%s。") % edge.asks if edge.asks else _("请写明原因。")

    def carry_out(self, *, rows: Sequence[Any], edge: Edge, by: User | None, said: Said) -> None:
        """A step nothing stands against, in the caller's transaction; rows are of one district."""
        was, comment = [row.state for row in rows], str(said.get(self.comment, ""))
        self.move(rows=rows, edge=edge, by=by, said=said)
        self.write_trail(rows=rows, was=was, edge=edge, by=by, comment=comment)
        if not edge.implied:  # what it follows from has an entry of its own
            changes = self.changes_of(rows, was)
            self.record(rows=rows, name=edge.name, by=by, changes=changes, reason=comment)
        self.tell(rows=rows, edge=edge, by=by, comment=comment)

    def move(self, *, rows: Sequence[Any], edge: Edge, by: User | None, said: Said) -> None:
        """State and whatever else the step changes of the rows."""
        for row in rows:
            row.state = edge.target or row.state
            self.change(row, edge, by, said)
            row.save()

    def change(self, row: Any, edge: Edge, by: Any, said: Said) -> None:
        """What the step changes of a row besides its state."""

    def write_trail(
        self, *, rows: Sequence[Any], was: Sequence[str], edge: Edge, by: User | None, comment: str
    ) -> None:
        """An entry in the history of each row, where it has one."""

    def changes_of(self, rows: Sequence[Any], was: Sequence[str]) -> dict[str, Any]:
        return {"state": [*sorted(set(was)), rows[0].state]}

    def record(
        self, *, rows: Sequence[Any], name: str, by: User | None, changes: Any, reason: str = ""
    ) -> None:
        record(
            action=f"{self.subject}.{name}",
            by=by,
            on=rows[0],
            district_code=rows[0].district.code,
            changes=changes,
            reason=reason,
        )

    def tell(self, *, rows: Sequence[Any], edge: Edge, by: User | None, comment: str) -> None:
        """Whom the step concerns."""
