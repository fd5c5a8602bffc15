"""Every role on every route, page, file and list: nobody sees or changes what is not hers."""

from drills.suite import run_tests

ROWS = (37, 38, 40, 41, 43)
TESTS = (
    *(
        "tests/rest/test_matrix.py",
        "tests/test_isolation.py",
        "tests/chongqing_eval/test_every_door.py",
    ),
    *("tests/chongqing_eval/test_admin_access.py", "tests/districts/test_roles.py"),
)


def run(share: float) -> dict[str, object]:
    return {**run_tests(*(TESTS if share == 1 else TESTS[:1]))}
