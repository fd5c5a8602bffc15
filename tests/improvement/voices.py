"""What a unit has to tell and what is told about it: a practice, a message of the public."""

from districts.models import User
from improvement.services import feedback, practices
from selfchecks.models import SelfCheck


def tell_and_hear(self_check: SelfCheck, officer: User, inspector: User) -> None:
    """A draft of a practice, and a message that was passed on to the district."""
    practices.write(
        district=self_check.district,
        title="联校教研",
        problem="骨干教师少",
        measure="走教",
        indicators="A2",
        year_before=2025,
        year_after=2026,
        by=officer,
    )
    row = feedback.receive(by=None, code=f"{self_check.pk:026d}", text="校门口没有路灯")
    for step, said in (("take_up", {}), ("pass_on", {"passed_to": self_check.district})):
        row = feedback.take_step(feedback=row, step=step, by=inspector, **said)
