"""Two hundred wrong passwords for accounts there are and two hundred for names nobody has: neither
the answers nor the time they take tell them apart."""

import json
import tempfile
from pathlib import Path

from drills.places import new_place

ROWS = (30,)
RUNS, MOST = 200, 0.020  # seconds between the medians
# Each from another address, in turn, so that neither lock nor load falls on one kind alone.
ASK = """
import json, random, re, time
from statistics import median
from django.test import Client
from districts.models import User
facts = {"display_name": "秦", "role": "inspector", "reach": "city"}
User.objects.create_user("qin", "correct-horse-battery-7", **facts)
def ask(name, number):
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    began = time.process_time()
    answer = Client(SERVER_NAME="127.0.0.1").post(
        "/accounts/login/", {"username": name, "password": f"wrong-{number}"}, REMOTE_ADDR=address
    )
    took = time.process_time() - began
    text = answer.content.decode().replace(name, "")
    return took, answer.status_code, re.sub(r'value="\\w{64}"', "", text)
ask("first", 1), ask("qin", 2)
kinds = ["qin", "nobody"] * RUNS
random.Random(1).shuffle(kinds)
seen = {"qin": [], "nobody": []}
for number, name in enumerate(kinds, start=3):
    seen[name].append(ask(name, number))
medians = {name: median(took for took, *_ in found) for name, found in seen.items()}
print(json.dumps([medians["qin"], medians["nobody"],
                  len({tuple(rest) for found in seen.values() for _took, *rest in found})]))
"""


def run(share: float) -> dict[str, object]:
    runs = max(10, round(RUNS * share))
    with tempfile.TemporaryDirectory() as folder:
        place = new_place(Path(folder), f"sqlite:///{folder}/portal.sqlite3")
        told = place.python(f"RUNS = {runs}\n{ASK}").splitlines()[-1]
    known, unknown, answers = json.loads(told)
    assert answers == 1, f"{answers} different answers"
    ratio = known / unknown
    medians = f"{1000 * known:.1f} / {1000 * unknown:.1f} ms, ratio {ratio:.3f}"
    is_alike = abs(known - unknown) <= MOST and 0.9 < ratio < 1.1
    assert is_alike or share < 1, f"for an account / for none: {medians}"
    return {"runs of each": runs, "different answers": answers, "medians": medians}
