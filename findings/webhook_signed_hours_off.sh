#!/usr/bin/env bash
# standardwebhooks 1.1.0 signs what a sender gives it as a datetime. It writes UTC over the zone
# instead of converting to it: one instant, said in Shanghai's time and in UTC, gets two signatures,
# eight hours apart. The header that holds the true second then fails in the library's own verify(),
# and so does everybody else's: "No matching signature found", which sends one looking for a wrong
# secret. Django's timezone.localtime() gives exactly such a datetime.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check standardwebhooks==1.1.0 tzdata==2026.1
"$folder/venv/bin/python" - <<'PY'
import base64
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from standardwebhooks import Webhook, WebhookVerificationError

hook = Webhook(base64.b64encode(b"a secret of the two, 24 b").decode())
body = '{"type":"certification"}'
now = datetime.now(timezone.utc).replace(microsecond=0)
there = now.astimezone(ZoneInfo("Asia/Shanghai"))
assert now == there and now.timestamp() == there.timestamp()


def verified(said):
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(said.timestamp())),
        "webhook-signature": hook.sign("msg_1", said, body),
    }
    try:
        hook.verify(body, headers)
    except WebhookVerificationError as refusal:
        return str(refusal)
    return "verified"


print("one instant, said in UTC:", verified(now))
print("the same, said in Shanghai:", verified(there))
eight_hours_later = datetime.fromtimestamp(now.timestamp() + 8 * 3600, timezone.utc)
same = hook.sign("msg_1", there, body) == hook.sign("msg_1", eight_hours_later, body)
print("its signature is that of eight hours later:", same)
assert verified(now) == "verified"
assert verified(there) == "No matching signature found"
assert same
PY
