"""Which indicators each unit of a school leaves between floor and threshold, to need least."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from itertools import chain, combinations, product
from typing import Any, NamedTuple

from improvement.shortfall.money import KIND_OF, NOTHING, TWICE, Prices, doubles, price_of
from indicators.calculation.scheme import STAGES

Place = tuple[str, str]  # indicator and stage, or no stage where the school makes up as a whole
Rates = Mapping[Place, Decimal]


class Lack(NamedTuple):
    """One indicator of one unit below its threshold."""

    place: Place
    stage: str
    full: Decimal
    floor: Decimal
    cell: Mapping[str, Any]

    @property
    def code(self) -> str:
        return self.place[0]

    @property
    def share(self) -> Decimal:
        """How far it is below, as a part of the threshold."""
        needed = Decimal(self.cell["threshold"])
        return (needed - Decimal(self.cell["value"])) / needed


def rates_at(prices: Prices) -> Rates:
    """Yuan for one more of what has a price, wherever it may be lacking."""
    priced = [(code, price_of(kind, prices)) for code, kind in KIND_OF.items() if kind in prices]
    return {(code, stage): price for code, price in priced for stage in ("", *STAGES)}


def leave(lacks: list[Lack], spare: int, prices: Rates) -> tuple[Lack, ...]:
    """What each unit leaves, at most ``spare`` of its own, so that the school needs least."""
    own = [[lack for lack in lacks if lack.stage == stage] for stage in STAGES]
    if max(map(len, own)) <= spare:
        return tuple(lacks)
    is_priced = all([lack.place in prices for lack in lacks])
    rates = prices if is_priced else _parts(lacks)
    tied = _tied(lacks, is_priced)
    tried = [_worth_trying(each, tied, spare, rates) for each in own]
    choices = [
        tuple(chain.from_iterable(choice))
        for choice in product(*(combinations(each, min(spare, len(each))) for each in tried))
    ]
    if len(choices) == 1:
        return choices[0]
    return min(choices, key=lambda left: _cost(_amounts(lacks, left), rates, is_priced))


def _tied(lacks: list[Lack], is_priced: bool) -> set[Place]:
    """Where what is saved hangs on what else is left: shared by stages, or who counts twice."""
    places = [lack.place for lack in lacks]
    tied = {place for place in places if places.count(place) > 1}
    for _stage, degree, arts in TWICE if is_priced else ():
        if degree in places and arts in places:
            tied |= {degree, arts}
    return tied


def _worth_trying(own: list[Lack], tied: set[Place], spare: int, rates: Rates) -> list[Lack]:
    """All that is tied; of the rest what saves most, the first where several do."""
    loose = [lack for lack in own if lack.place not in tied]
    loose.sort(key=lambda lack: (lack.floor - lack.full) * rates[lack.place])
    best = loose[:spare]
    return [lack for lack in own if lack.place in tied or lack in best] if tied else best


def _parts(lacks: list[Lack]) -> dict[Place, Decimal]:
    """Of one more, as a part of what the threshold asks."""
    return {lack.place: lack.share / lack.full for lack in sorted(lacks, key=lambda x: x.full)}


def _cost(amounts: dict[Place, Decimal], rates: Rates, is_priced: bool) -> Decimal:
    """Who counts twice is paid once; as parts of thresholds both count."""
    whole = sum([amount * rates[place] for place, amount in amounts.items()], NOTHING)
    for stage, number in doubles(amounts).items() if is_priced else ():
        whole -= number * rates["A1", stage]
    return whole


def _amounts(lacks: Iterable[Lack], left: Collection[Lack]) -> dict[Place, Decimal]:
    """What is to be made up for; of what is left only to the floor."""
    found: dict[Place, Decimal] = {}
    for lack in lacks:
        amount = lack.floor if lack in left else lack.full
        if amount > found.get(lack.place, -1):
            found[lack.place] = amount
    return found
