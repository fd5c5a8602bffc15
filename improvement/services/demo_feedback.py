"""Three made-up messages of the public, and what the demonstration's people did about them."""

from typing import Any

from districts.models import District, User
from districts.roles import Role
from improvement.models import Feedback
from improvement.services import feedback
from improvement.voices import gate

TOLD = (
    "（演示）孩子学校的美术教室改成了仓库，已经一个学期没有上过美术课。",
    "（演示）单位页上的督导评估公开页打不开，希望修好。",
    "（演示）请问我家小区属于哪所小学的片区？",
)
REPLY = "（演示）已到校核实，美术教室已恢复使用，本周起按课表上课。"
ANSWER = "（演示）谢谢您的反映。区县已到校核实，美术教室已恢复使用，本周起按课表上课。"
PUBLIC = "（演示）反映一所小学的美术教室被挪作他用。"
ASIDE = "（演示）片区由区县教育部门公布，请向区县咨询"


def write_messages(*, by: None) -> list[str]:
    """Once; returns the codes to look them up by. ``by`` nobody: the city and a bureau act."""
    people = User.objects.filter(is_demo=True, is_active=True).order_by("username")
    inspector = people.filter(role=Role.INSPECTOR).first()
    officers = people.filter(role=Role.OFFICER, district__valid_to=None)
    officer = officers.select_related("district").first()
    if inspector is None or officer is None or officer.district is None or _is_there():
        return []
    codes = [gate.code_of(gate.new_ticket(0)) for _ in TOLD]
    rows = [_said(code, text, officer.district) for code, text in zip(codes, TOLD, strict=True)]
    _answer(rows[0], officer, inspector)
    feedback.take_step(feedback=rows[2], step="set_aside", by=inspector, reason=ASIDE)
    return [gate.in_groups(code) for code in codes]


def _is_there() -> bool:
    return Feedback.objects.exists()


def _said(code: str, text: str, district: District) -> Feedback:
    who: dict[str, Any] = {"name": "演示市民", "contact": "demo@example.org"}
    return feedback.receive(by=None, code=code, text=text, district=district, is_demo=True, **who)


def _answer(row: Feedback, officer: User, inspector: User) -> None:
    """Taken up, passed on, replied to, answered, entered in the ledger and made public."""
    asked: tuple[tuple[str, User, dict[str, Any]], ...] = (
        ("take_up", inspector, {}),
        ("pass_on", inspector, {"passed_to": officer.district}),
        ("enter", inspector, {"passed_to": officer.district, "words": PUBLIC, "indicator": "B1"}),
        ("reply", officer, {"reply": REPLY}),
        ("answer", inspector, {"answer": ANSWER}),
        ("publish", inspector, {"published_text": PUBLIC}),
    )
    for step, by, said in asked:
        row = feedback.take_step(feedback=row, step=step, by=by, **said)
