"""The virus scanner: asked with clamd's own protocol, and never taken for silent consent."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from selfchecks import files


@contextmanager
def clamd(answer: bytes, received: list[bytes]) -> Iterator[str]:
    """A scanner that reads one stream to its end and gives a fixed answer."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _address = server.accept()
        with connection, connection.makefile("rb") as stream:
            received.append(stream.read(len(b"zINSTREAM\0")))
            while size := struct.unpack("!L", stream.read(4))[0]:
                received.append(stream.read(size))
            connection.sendall(answer)

    thread = Thread(target=serve)
    thread.start()
    yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
    thread.join()
    server.close()


@pytest.mark.parametrize(
    ("answer", "found"),
    [(b"stream: OK\0", None), (b"stream: Eicar-Test-Signature FOUND\0", "Eicar-Test-Signature")],
)
def test_m18_the_whole_file_is_shown_to_the_scanner(
    answer: bytes, found: str | None, settings
) -> None:
    received: list[bytes] = []
    content = b"x" * (files.CHUNK + 5)
    with clamd(answer, received) as address:
        settings.CLAMD_URL = address
        scan = files.scanner()
        assert scan is not None
        assert scan(content) == found
    assert received[0] == b"zINSTREAM\0"
    assert b"".join(received[1:]) == content


def test_m18_an_unclear_answer_holds_the_file(settings) -> None:
    with clamd(b"INSTREAM size limit exceeded. ERROR\0", []) as address:
        settings.CLAMD_URL = address
        scan = files.scanner()
        assert scan is not None
        with pytest.raises(files.ScannerDown):
            scan(b"x")


def test_without_a_scanner_nothing_is_asked(settings) -> None:
    settings.CLAMD_URL = ""
    assert files.scanner() is None
