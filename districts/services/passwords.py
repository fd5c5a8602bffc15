"""Notes in the audit trail that a person changed the own password."""

from django.db import transaction

from audit.services import record
from districts.models import User


@transaction.atomic
def note_password_change(*, by: User) -> None:
    """The new password is stored by Django's form already; the trail says when and who."""
    User.objects.filter(pk=by.pk).update(password_changed_at=by.password_changed_at)
    record(
        action="user.password",
        by=by,
        on=by,
        district_code=by.district.code if by.district else "",
    )
