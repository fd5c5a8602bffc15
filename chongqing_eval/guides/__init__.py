"""Guides for the people of the portal: what each does through the year, step by step."""

from .city import AUDITOR, INSPECTOR, KEEPER, MANAGER
from .districts import DEPARTMENT, OFFICER, SIGNATORY
from .guide import Guide
from .systems import CLIENT, OPERATOR

# By the role whose guide it is; who runs the portal has no account for it.
GUIDES: dict[str, Guide] = {
    guide.code: guide
    for guide in (
        *(OFFICER, SIGNATORY, DEPARTMENT),
        *(INSPECTOR, MANAGER, AUDITOR, KEEPER),
        *(CLIENT, OPERATOR),
    )
}
