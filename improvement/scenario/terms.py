"""What changes do to prices and to the most that can be built; what mergers do to both."""

from decimal import Decimal

from improvement.planner.measures import KINDS
from improvement.planner.terms import label_of
from improvement.scenario.draft import Draft, Refused


def set_price(draft: Draft, measure: str, price: str) -> None:
    """Another price, in yuan; a known kind that had none gets one."""
    if not Decimal(price):
        raise Refused("price", "not_positive", label="价格", found=price)
    rows = draft.other.get("measures", [])
    if measure in (prices := draft.other.get("prices", {})):
        prices[measure] = price
    elif any(row["code"] == measure for row in rows):
        changed = [{**row, "price": price} if row["code"] == measure else row for row in rows]
        draft.other["measures"] = changed
    elif measure in KINDS:
        draft.other["measures"] = [*rows, {"code": measure, "price": price}]
    else:
        raise Refused("measure", "unpriced_measure", measure=measure)


def set_cap(draft: Draft, school_code: str, measure: str, most: str) -> None:
    """At most so much of a measure at a school; 0 forbids it."""
    draft.school(school_code)
    priced = {
        *draft.other.get("prices", ()),
        *(row["code"] for row in draft.other.get("measures", ())),
    }
    if measure not in priced:
        raise Refused("measure", "unpriced_measure", measure=label_of(measure))
    draft.other.setdefault("caps", {}).setdefault(school_code, {})[measure] = most


def merge_terms(draft: Draft, gone: str, into: str) -> None:
    """Both sites remain: what is bought and what can be built add up, no limit at one is none."""
    caps, locked = draft.other.get("caps", {}), draft.other.get("locked", {})
    first, other = caps.get(gone, {}), caps.pop(into, {})
    both = {code: _sum(first[code], other[code]) for code in first.keys() & other.keys()}
    if both:
        caps[into] = both
    bought, held = locked.get(gone, {}), locked.get(into, {})
    if bought:
        locked[into] = held | {
            code: _sum(amount, held.get(code, 0)) for code, amount in bought.items()
        }
    leave_terms(draft, gone)


def leave_terms(draft: Draft, gone: str) -> None:
    """Nothing is built at a school that is no more."""
    for key in ("caps", "locked"):
        draft.other.get(key, {}).pop(gone, None)


def _sum(one: object, other: object) -> str:
    return format(Decimal(str(one)) + Decimal(str(other)), "f")
