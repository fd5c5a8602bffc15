"""Every sentence about an uploaded self-check, in one place and in plain words."""

from workbooks import wording
from workbooks.findings import Kind

from . import checks

KINDS: dict[str, Kind] = {
    **wording.KINDS,
    **{kind.code: kind for kind in vars(checks).values() if isinstance(kind, Kind)},
}
