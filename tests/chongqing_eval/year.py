"""A year of the portal through its services: every table gets rows the way people give them."""

from datetime import date
from decimal import Decimal
from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from districts.models import District, Succession, User
from districts.services import calendar, hooks, people, schools, units
from districts.services.reorganising import reorganise
from improvement.models import Measure
from improvement.services import conditions, planning, prices, progress, scenarios
from indicators.models import Standard, Threshold
from indicators.services import drafts, standards
from schedule.models import CertificationStep
from schedule.services import certifications, plans
from selfchecks.models import Deadline, SelfCheck
from selfchecks.services import evidence, opening, reviews
from tests.chongqing_eval.year_after import play_after
from tests.improvement.school_planning import go_by

OURS, OTHER, THIRD = "500106", "500151", "500103"
PAPER = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def play() -> None:
    """Two years of a unit's self-checks, then what managers and inspectors do beside them."""
    call_command("load_demo", districts=[OURS], schools=6, years=2, stdout=StringIO())
    manager, inspector = (User.objects.get(username=name) for name in ("manager", "inspector"))
    keep_people(User.objects.get(username="keeper"))
    keep_registers(manager)
    keep_standards(manager)
    keep_plan(inspector)
    keep_self_checks(manager)
    keep_plans()
    play_after(manager, inspector)


def keep_people(keeper: User) -> None:
    where = {"reach": "district", "district": District.objects.get(code=THIRD)}
    user, _password = people.create_user(
        username="li", display_name="李", role="officer", by=keeper, **where
    )
    people.update_user(user=user, display_name="李敏", by=keeper)
    people.reset_password(user=user, by=keeper)
    kept, _text = people.create_token(user=user, scopes=["read"], by=user)
    ended, _text = people.create_token(user=user, scopes=["read"], by=user)
    people.revoke_token(token=ended, by=keeper)
    other, _password = people.create_user(
        username="he", display_name="何", role="officer", by=keeper, **where
    )
    people.create_token(user=other, scopes=["read"], by=other)
    keep_hooks(other)
    people.disable_user(user=other, by=keeper)
    people.enable_user(user=other, by=keeper)


def keep_hooks(user: User) -> None:
    hook = hooks.register(user=user, url="https://a.cn/", origin="https://portal.cn/", by=user)
    hooks.update(hook=hook, kinds=["schools"], by=user)
    hooks.replay(hook=hook, after=0, by=user)
    hooks.renew(hook=hook, by=user)
    hooks.end(hook=hook, by=user)
    hooks.resume(hook=hook, by=user)


def keep_registers(manager: User) -> None:
    ours, other = (District.objects.get(code=code) for code in (OURS, OTHER))
    units.update_district(district=ours, by=manager, english_name="Shapingba")
    school = schools.create_school(
        district=ours,
        by=manager,
        code="9900000001",
        name="新建小学",
        school_type="小学",
        ownership="公办",
        location="城区",
    )
    schools.update_school(school=school, by=manager, district=other)
    units.record_succession(
        predecessor=ours, successor=other, day=date(2026, 1, 1), kind="transfer",
        description="划转一个街道(演示)", by=manager,
    )  # fmt: skip
    keep_reorganisation(manager)
    calendar.set_day(
        day=date(2026, 10, 10), is_working=True, source="https://www.cq.gov.cn/", by=manager
    )


def keep_reorganisation(manager: User) -> None:
    """A unit gets another name, and a school of 水土街道 goes where its street went."""
    third = District.objects.get(code=THIRD)
    units.rename_district(
        district=third, day=date(2026, 3, 1), reason="演示更名", by=manager, name="渝中新区"
    )
    schools.create_school(
        district=District.objects.get(code="500109"),
        by=manager,
        code="9900000002",
        name="水土小学",
        school_type="小学",
        ownership="公办",
        location="镇区",
        township="水土街道",
    )
    went = Succession.objects.get(predecessor__code="500109", successor__code="500157")
    reorganise(succession=went, by=manager)


def keep_standards(manager: User) -> None:
    source = Standard.objects.get(code="2017")
    for code in ("2017-a", "2017-b"):
        draft = standards.draft_from(standard=source, code=code, reason="演示起草", by=manager)
        row = Threshold.objects.filter(indicator__standard=draft).first()
        drafts.change(row=row, value=row.value + 1, by=manager)
    standards.discard_draft(standard=draft, by=manager)
    draft = Standard.objects.get(code="2017-a")
    drafts.change(row=draft, effective_from=timezone.localdate(), by=manager)
    standards.publish(standard=draft, reason="演示发布", by=manager)


def keep_plan(inspector: User) -> None:
    plans.replan(changes={OTHER: 2027}, reason="校舍改造", document_number="演示1号", by=inspector)
    step = CertificationStep.objects.filter(level="city").first()
    event = certifications.record_event(
        district=District.objects.get(code=OTHER),
        step=step,
        result="started",
        day=date(2026, 3, 2),
        by=inspector,
    )
    certifications.correct_event(event=event, by=inspector, reason="补记说明", note="演示")


def keep_self_checks(manager: User) -> None:
    last = Deadline.objects.first()
    opening.set_deadline(
        year=last.year,
        due_on=date(last.year, 12, 20),
        fill_from=last.fill_from,
        reason="市里统一延后",
        by=manager,
    )
    third, officer = District.objects.get(code=THIRD), User.objects.get(username="li")
    row = opening.open_self_check(district=third, year=last.year, by=manager)
    given = {"self_check": row, "content": PAPER, "name": "方案.pdf", "by": officer}
    evidence.add_evidence(indicator="B1", **given)
    evidence.remove_evidence(item=evidence.add_evidence(indicator="B3", **given), by=officer)
    on = reviews.Target(indicator="B1")
    remark = reviews.comment(self_check=row, text="请核对", by=manager, on=on)
    reviews.answer(parent=remark, text="已经核对", by=officer)
    reviews.settle(comment=remark, by=manager)


def keep_plans() -> None:
    """沙坪坝区 prices its measures, settles a school, plans twice, once over what was adopted."""
    officer, signatory = (
        User.objects.get(username=f"{role}_{OURS}") for role in ("officer", "signatory")
    )
    row = SelfCheck.objects.filter(district__code=OURS).latest("year")
    given = {"district": row.district, "by": officer}
    for at in range(1, 8):
        prices.set_price(
            kind=f"k{at}", name=f"措施{at}", raises=[f"A{at}"], price=Decimal(100 * at),
            valid_from=date(2026, 1, 1), source="演示", **given,
        )  # fmt: skip
    school = row.district.schools.first().code
    on = {"school_code": school, "reason": "演示", **given}
    conditions.end_condition(
        condition=conditions.set_condition(kind="k5", most=Decimal(0), **on), by=signatory
    )
    conditions.set_condition(kind="k5", most=Decimal(900_000), **on)
    scenario = scenarios.create(self_check=row, name="新建一所学校", by=officer)
    scenarios.archive(scenario=scenario, by=signatory)
    conditions.set_condition(kind="k7", least=Decimal(1), **on)
    plan = planning.make(self_check=row, kind="cheapest", by=officer)
    go_by(plan, officer, signatory)
    measure = Measure.objects.live().first()
    progress.report(measure=measure, by=officer, done=Decimal(1), content=PAPER, name="验收.pdf")
