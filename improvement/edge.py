"""One row of a small workflow's table, and what stands in the way of taking it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Unusable
from districts.models import User
from districts.roles import Role
from selfchecks.step import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """From which states a step leads where, who takes it, and which inputs it asks for.

    ``needs`` has to be said, ``may`` can be; ``target`` is empty where the state stays.
    """

    name: str
    label: Words
    sources: tuple[str, ...]
    target: str
    roles: tuple[Role, ...]
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    hint: Words = ""

    @property
    def asks(self) -> tuple[str, ...]:
        return (*self.needs, *self.may)


def edge_in(table: Iterable[Edge], name: str) -> Edge:
    """Raises Unusable for a name the table does not have."""
    known = {edge.name: edge for edge in table}
    if name not in known:
        facts = {"found": name[:40], "known": ", ".join(known)}
        sentence = _("没有「%(found)s」这一步；可用的有 %(known)s。") % facts
        raise Unusable.at("step", sentence, code="unknown_step")
    return known[name]


def edges_for(table: Iterable[Edge], state: str, viewer: User) -> tuple[Edge, ...]:
    """Those that leave the state and are of the viewer's role, in the order of the table."""
    return tuple(edge for edge in table if state in edge.sources and viewer.role in edge.roles)


def refuse_unless_open(edge: Edge, state: str, word: Words, by: User) -> None:
    """Raises NotAllowed for other roles, Conflict where the step does not leave the state."""
    if by.role not in edge.roles:
        raise NotAllowed(_("您的账号的角色不能做「%s」。") % edge.label)
    if state not in edge.sources:
        facts = {"state": word, "step": edge.label}
        raise Conflict(_("现在的状态是「%(state)s」，不能「%(step)s」。") % facts)


def refuse_unless_said(edge: Edge, said: Mapping[str, Any], sentences: Mapping[str, Words]) -> None:
    """Raises Unusable naming every input the step needs and does not get."""
    missing = (name for name in edge.needs if not str(said.get(name) or "").strip())
    Unusable.check({name: sentences[name] for name in missing}, code="required")
