"""One answer in every coding a reader takes, each with its own tag."""

import gzip
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("reference", "kept_answers")


def bodies(address: str) -> Iterator[tuple[str, Any, bytes]]:
    undone = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
    for coding, undo in undone.items():
        answer = Client().get(address, headers={"Accept-Encoding": coding})
        yield coding, answer, undo(answer.content)


@pytest.mark.parametrize("address", ["/roadmap/", "/api/v1/districts/", "/stairs.svg"])
def test_every_coding_says_the_same_and_has_its_tag(address: str) -> None:
    found = list(bodies(address))
    assert len({body for _coding, _answer, body in found}) == 1
    assert len({answer["ETag"] for _coding, answer, _body in found}) == 3
    sizes = [int(answer["Content-Length"]) for _coding, answer, _body in found]
    assert sizes == sorted(sizes)
    for coding, answer, _body in found:
        assert answer.get("Content-Encoding", "") == coding
        assert int(answer["Content-Length"]) == len(answer.content)
        assert "Accept-Encoding" in answer["Vary"]
        headers = {"Accept-Encoding": coding, "If-None-Match": answer["ETag"]}
        unmodified = Client().get(address, headers=headers)
        assert (unmodified.status_code, unmodified["ETag"]) == (304, answer["ETag"])


def test_a_coding_that_is_refused_is_not_sent() -> None:
    answer = Client().get("/roadmap/", headers={"Accept-Encoding": "br;q=0, gzip;q=0.5"})
    assert answer["Content-Encoding"] == "gzip"
    answer = Client().get("/roadmap/", headers={"Accept-Encoding": "identity, br; q=0.0"})
    assert "Content-Encoding" not in answer
