"""Several machines on this one, killed part by part under load: the short form of a drill."""

import shutil
from pathlib import Path

import pytest

from drills import cluster
from drills.cluster_parts import PARTS
from drills.cluster_parts.servers import NGINX

SHARE = 0.04  # 40 of 1,000 jobs


@pytest.mark.skipif(
    not (shutil.which("redis-server") and Path(NGINX).exists()), reason="see preflight.py"
)
@pytest.mark.xdist_group("nginx")
def test_m62_m74_m75_m76_m79_a_cluster_loses_and_doubles_nothing() -> None:
    """Lost, doubled and unkept are asserted by the drill itself."""
    figures = cluster.run(SHARE)
    assert figures["jobs"] >= 1000 * SHARE  # type: ignore[operator]
    assert figures["kills"] >= len(PARTS)  # type: ignore[operator]
