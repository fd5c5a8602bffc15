"""What needs a document before signature: by rule, by version, at every door; who may set it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Unusable
from districts.models import District, User
from indicators.models import Standard
from selfchecks.models import EvidenceRule, SelfCheck, State
from selfchecks.services import documents
from selfchecks.services.documents import documents_of, load_evidence_rules, require_evidence
from selfchecks.services.evidence import add_evidence, remove_evidence
from selfchecks.services.steps import take_step
from tests.reader import links, words
from tests.selfchecks.conftest import REQUIRED, attach_required, keep_clean

REFERENCE = "/self-checks/500106-2026/"
PDF = b"%PDF-1.7 x"


def codes(self_check: SelfCheck) -> list[str]:
    return [line.code for line in documents_of(self_check).missing]


def send(self_check: SelfCheck, by: User) -> None:
    self_check.refresh_from_db()
    take_step(self_check=self_check, step="send_for_signature", by=by)


def take_down(self_check: SelfCheck, indicator: str, by: User) -> None:
    for item in self_check.evidence.filter(indicator=indicator):
        remove_evidence(item=item, by=by)


def raise_veto(self_check: SelfCheck, item: str) -> None:
    self_check.veto_items.filter(item=item).update(is_raised=True, note="2025年9月查实1起,已整改")


def test_it_begins_with_what_the_city_asks_for(self_check: SelfCheck) -> None:
    assert tuple(codes(self_check)) == REQUIRED
    assert documents_of(self_check).binds


def test_a_missing_document_blocks_the_way_to_signature_by_name(
    self_check: SelfCheck, chen_officer: User, zhao_signatory: User
) -> None:
    keep_clean(self_check, chen_officer)
    for gone in ("C6", "B14"):
        take_down(self_check, gone, chen_officer)
    with pytest.raises(Conflict, match="B14 优质高中招生名额分配比例、C6 德育") as refused:
        send(self_check, chen_officer)
    assert refused.value.code == "evidence_missing"
    for indicator in ("B14", "C6"):
        more: Any = {"content": PDF, "name": "a.pdf", "by": chen_officer}
        add_evidence(self_check=self_check, indicator=indicator, **more)
    send(self_check, chen_officer)
    take_step(self_check=self_check, step="submit", by=zhao_signatory)


def test_who_signs_is_stopped_by_a_rule_that_came_meanwhile(
    reach: Callable[[str], SelfCheck], zhao_signatory: User, wu_manager: User
) -> None:
    self_check = reach("awaiting_signature")
    today = timezone.localdate()
    require_evidence(
        subject="B1", is_needed=True, effective_from=today, reason="市级会议决定", by=wu_manager
    )
    with pytest.raises(Conflict, match="B1 学校规划布局合理"):
        take_step(self_check=self_check, step="submit", by=zhao_signatory)
    take_step(self_check=self_check, step="decline", by=zhao_signatory, comment="请补附布局规划")


def test_each_veto_answered_yes_needs_its_own(self_check: SelfCheck, chen_officer: User) -> None:
    keep_clean(self_check, chen_officer)
    for item in ("V2", "V5"):
        raise_veto(self_check, item)
    assert codes(self_check) == ["V2", "V5"]
    with pytest.raises(Conflict, match="V2 违规择校"):
        send(self_check, chen_officer)
    add_evidence(
        self_check=self_check, indicator="V2", content=PDF, name="处理决定.pdf", by=chen_officer
    )
    assert codes(self_check) == ["V5"]


def test_self_checks_under_older_versions_are_only_warned(
    reach: Callable[[str], SelfCheck], self_check: SelfCheck, chen_officer: User, signed_in: Any
) -> None:
    keep_clean(self_check, chen_officer)
    take_down(self_check, "C3", chen_officer)
    older = Standard.objects.get(code="2017")
    SelfCheck.objects.filter(pk=self_check.pk).update(standard=older)
    self_check.refresh_from_db()
    assert codes(self_check) == ["C3"]
    assert not documents_of(self_check).binds
    text = words(signed_in(chen_officer).get(REFERENCE))
    assert "还有 1 项没有佐证材料" in text
    assert "只作提示" in text
    send(self_check, chen_officer)


def test_of_many_as_many_questions_are_asked_as_of_one(
    self_check: SelfCheck, chen_officer: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    paper: Any = {"content": PDF, "name": "a.pdf", "by": chen_officer}
    add_evidence(self_check=self_check, indicator="C6", **paper)
    other = SelfCheck.objects.get(pk=self_check.pk)
    other.pk, other.district, other._state.adding = None, District.objects.get(code="500151"), True
    other.save()
    both = list(SelfCheck.objects.filter(pk__in=(self_check.pk, other.pk)))
    with django_assert_num_queries(5):
        found = documents.documents_of_all(both)
    assert found == {each.pk: documents_of(each) for each in both}
    assert [len(found[key].attached) for key in (self_check.pk, other.pk)] == [1, 0]


def test_a_later_version_inherits_what_holds(self_check: SelfCheck) -> None:
    newest = Standard.objects.get(code="2017.1")
    newest.pk, newest.code, newest.effective_from = None, "2027", date(2026, 8, 1)
    newest._state.adding = True
    newest.save()
    SelfCheck.objects.filter(pk=self_check.pk).update(standard=newest)
    rules = list(documents.rules_on(timezone.localdate()))
    needed, binds = documents.needed_by(SelfCheck.objects.get(pk=self_check.pk), rules)
    assert needed == {*REQUIRED, "veto"}
    assert binds


def test_a_rule_holds_from_its_day_and_until_the_next(
    self_check: SelfCheck, wu_manager: User
) -> None:
    today = timezone.localdate()
    later, last = today + timedelta(days=9), today + timedelta(days=19)
    for day, is_needed in ((later, False), (last, True)):
        require_evidence(
            subject="C3", is_needed=is_needed, effective_from=day, reason="试行半月", by=wu_manager
        )
    found = {
        day: "C3" in documents.needed_by(self_check, list(documents.rules_on(day)))[0]
        for day in (today, later - timedelta(days=1), later, last - timedelta(days=1), last)
    }
    assert list(found.values()) == [True, True, False, False, True]
    entry = Entry.objects.filter(action="evidence_rule.set").latest("number")
    assert (entry.actor, entry.reason) == (wu_manager.username, "试行半月")
    assert entry.changes["effective_from"] == last.isoformat()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": "Z9"}, "subject"),
        ({"reason": ""}, "reason"),
        ({"reason": "无"}, "reason"),
        ({"effective_from": date(2026, 1, 2)}, "effective_from"),
        ({"subject": "C3", "is_needed": True}, "is_needed"),
        ({"subject": "B1", "is_needed": False}, "is_needed"),
    ],
)
def test_what_cannot_be_set_is_refused(
    reference: None, wu_manager: User, change: dict[str, Any], field: str
) -> None:
    asked: dict[str, Any] = {
        "subject": "B1",
        "is_needed": True,
        "effective_from": timezone.localdate(),
        "reason": "市级会议决定",
    }
    count = EvidenceRule.objects.count()
    with pytest.raises(Unusable) as refused:
        require_evidence(**asked | change, by=wu_manager)
    assert list(refused.value.fields) == [field]
    assert EvidenceRule.objects.count() == count


def test_only_a_manager_sets_it(reference: None, zhou_inspector: User) -> None:
    with pytest.raises(NotAllowed):
        require_evidence(
            subject="B1",
            is_needed=True,
            effective_from=timezone.localdate(),
            reason="市级会议决定",
            by=zhou_inspector,
        )


def test_a_manager_sets_it_in_the_admin_with_a_reason(
    reference: None, wu_manager: User, zhou_inspector: User, signed_in: Any
) -> None:
    page, today = "/admin/selfchecks/evidencerule/", timezone.localdate().isoformat()
    sent = {"subject": "B1", "is_needed": "on", "effective_from": today, "reason": ""}
    manager: Client = signed_in(wu_manager)
    assert "请写明设定的原因" in words(manager.post(page + "add/", sent))
    assert manager.post(page + "add/", sent | {"reason": "市级会议决定"}).status_code == 302
    rule = EvidenceRule.objects.latest("pk")
    assert (rule.subject, rule.is_needed, rule.set_by) == ("B1", True, wu_manager)
    assert "B1 学校规划布局合理" in words(manager.get(page))
    assert manager.get(f"{page}{rule.pk}/change/").status_code == 200
    assert manager.post(f"{page}{rule.pk}/change/", sent).status_code == 403
    inspector: Client = signed_in(zhou_inspector)
    assert "每个答「是」的一票否决事项" in words(inspector.get(page))
    assert inspector.get(page + "add/").status_code == 403


def test_loading_again_keeps_what_the_city_set(reference: None, wu_manager: User) -> None:
    require_evidence(
        subject="C3",
        is_needed=False,
        effective_from=timezone.localdate(),
        reason="章程已统一备案",
        by=wu_manager,
    )
    assert load_evidence_rules() == 0
    assert EvidenceRule.objects.filter(subject="C3").count() == 2


def test_the_task_list_names_each_and_leads_to_where_it_is_attached(
    self_check: SelfCheck, chen_officer: User, signed_in: Any
) -> None:
    keep_clean(self_check, chen_officer)
    for gone in ("C6", "B14"):
        take_down(self_check, gone, chen_officer)
    client = signed_in(chen_officer)
    page = client.get(REFERENCE)
    assert "缺 2 项佐证材料" in words(page)
    assert "还不能送审" in words(page)
    for code in ("B14", "C6"):
        assert f"{REFERENCE}explanations/?indicator={code}#evidence" in links(page)
    there = client.get(f"{REFERENCE}explanations/?indicator=C6")
    assert '<option value="C6" selected>' in there.content.decode()


def test_a_name_in_the_workbook_is_looked_for_among_the_files(
    self_check: SelfCheck, chen_officer: User, signed_in: Any
) -> None:
    keep_clean(self_check, chen_officer)
    self_check.qualitative_answers.filter(indicator="B1").update(
        evidence="渝教发〔2025〕3号文件、布局规划图.pdf"
    )
    (line,) = documents_of(self_check).unmatched
    assert (line.code, line.absent) == ("B1", ["渝教发〔2025〕3号文件", "布局规划图.pdf"])
    text = words(signed_in(chen_officer).get(REFERENCE))
    assert "写了名称，但没有附上同名的文件" in text
    assert "渝教发〔2025〕3号文件" in text
    for name in ("渝教发(2025)3号.pdf", "布局规划图(定稿).PDF"):
        more: Any = {"content": PDF + name.encode(), "name": name, "by": chen_officer}
        add_evidence(self_check=self_check, indicator="B1", **more)
    assert documents_of(self_check).unmatched == []


def test_the_inspector_and_the_chief_read_the_documents_by_indicator(
    reach: Callable[[str], SelfCheck],
    zhou_inspector: User,
    zhao_signatory: User,
    signed_in: Any,
) -> None:
    self_check = reach("submitted")
    for reader in (zhou_inspector, zhao_signatory):
        page = signed_in(reader).get(REFERENCE + "explanations/")
        assert "C6 德育和校园文化建设" in words(page)
        item = self_check.evidence.get(indicator="C6")
        assert f"{REFERENCE}evidence/{item.pk}/" in links(page)
        assert "撤下" not in words(page)


def test_the_review_shows_the_documents_of_each_indicator_and_what_is_missing(
    reach: Callable[[str], SelfCheck], zhou_inspector: User, signed_in: Any
) -> None:
    self_check = reach("submitted")
    for item in ("V2", "V5"):
        raise_veto(self_check, item)
    row = self_check.evidence.get(indicator="C7")  # as if V2's had come with the others
    row.indicator = "V2"
    row.save(update_fields=["indicator"])
    documents = documents_of(self_check)
    assert [line.code for line in documents.about("V")] == ["V2", "V5"]
    assert [line.code for line in documents.about("C6")] == ["C6"]
    page = signed_in(zhou_inspector).get(
        f"/admin/selfchecks/selfcheck/{self_check.pk}/review/?part=indicators"
    )
    text = words(page)
    assert "C6.pdf" in text
    assert "V2 C7.pdf" in text
    assert "V5 应附未附" in text


def test_taking_part_in_the_documents_is_preparing(
    self_check: SelfCheck, chen_officer: User
) -> None:
    assert not self_check.participations.exists()
    attach_required(self_check, chen_officer)
    assert self_check.participations.get().person == chen_officer
    assert self_check.state == State.DRAFT
