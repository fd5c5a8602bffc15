"""Starts the cluster and lets it run until Ctrl-C."""

import time
from contextlib import suppress

from drills.cluster_parts import HOST, cluster

if __name__ == "__main__":
    with cluster() as running:
        print(f"https://{HOST}:{running.ports['nginx']}  (127.0.0.1, {running.password})")
        print("Ctrl-C ends all of it.", flush=True)
        with suppress(KeyboardInterrupt):
            while True:
                time.sleep(60)
