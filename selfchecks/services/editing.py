"""Who may change a self-check's figures and when: asked before every change to them."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed
from districts.models import User
from districts.roles import Role
from districts.scope import CITY
from selfchecks.models import SelfCheck
from selfchecks.services.blockers import other_part
from selfchecks.services.steps import lock
from selfchecks.workflow import Part

MAY_UPLOAD = (Role.OFFICER, Role.CLIENT)
# Single figures of the current workbook, with a reason; what it makes is theirs to answer for.
MAY_CORRECT = (*MAY_UPLOAD, Role.MANAGER)


def refuse_unless_editable(
    self_check: SelfCheck, by: User, roles: tuple[Role, ...] = MAY_UPLOAD
) -> None:
    """Raises NotAllowed or Conflict unless this person may change figures now."""
    if by.role not in roles:
        raise NotAllowed(_("工作簿由区县填报员上传,您的账号不能做这一步。"))
    if by.reach != CITY and by.district_id != self_check.district_id:
        raise NotAllowed(_("这份自查不属于您的区县。"))
    if not self_check.is_editable:
        raise Conflict(
            _("这份自查现在是「%s」,不能改动数据;需要更正时,请先撤回或等待退回。")
            % self_check.get_state_display(),
            code="not_editable",
        )
    refusal = other_part(self_check, Part.PREPARE, _("上传工作簿"), by)
    if refusal:
        raise refusal


def lock_editable(
    self_check: SelfCheck, by: User, roles: tuple[Role, ...] = MAY_UPLOAD
) -> SelfCheck:
    """The row as it is now, nobody else changing it, once this person may change figures."""
    locked = lock(self_check, by)
    refuse_unless_editable(locked, by, roles)
    return locked
