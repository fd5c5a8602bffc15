"""Where the files that people send are kept in an S3-compatible store: one for all machines."""

import errno
from collections.abc import Callable
from functools import wraps
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from crypto.storage import SealedFiles
from rest.trouble import NoAnswer

# Stores other than Amazon's know no newer kind of checksum, and no names before their host.
OF_OLD = "when_required"
CLIENT = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    connect_timeout=3,
    read_timeout=20,
    retries={"total_max_attempts": 3, "mode": "standard"},
    request_checksum_calculation=OF_OLD,
    response_checksum_validation=OF_OLD,
)


def answered(method: Any) -> Callable[..., Any]:
    """The method, except that a store which does not answer is trouble of the machine."""

    @wraps(method)
    def asked(self: "Bucket", *args: Any, **options: Any) -> Any:
        try:
            return method(self, *args, **options)
        except (BotoCoreError, ClientError) as error:
            raise NoAnswer(errno.EHOSTUNREACH, str(error)) from error

    return asked


class Bucket(S3Storage):
    """A file is there whole or not at all; the store sees to that."""

    def __init__(self, **options: Any) -> None:
        fixed = {"file_overwrite": False, "client_config": CLIENT, "max_memory_size": 1 << 20}
        super().__init__(**fixed, **options)

    _save = answered(S3Storage._save)
    delete = answered(S3Storage.delete)
    exists = answered(S3Storage.exists)
    listdir = answered(S3Storage.listdir)
    size = answered(S3Storage.size)
    get_modified_time = answered(S3Storage.get_modified_time)

    @answered
    def _open(self, name: str, mode: str = "rb") -> Any:
        found = super()._open(name, mode)
        if "r" in mode:
            _all_of_it = found.file  # fetched here, where a store that is away is noticed
        return found

    def _replace(self, name: str, content: Any) -> None:
        """Over the one that is there, at once."""
        self._save(name, content)

    def probe(self) -> None:
        """Writes a file and takes it away. Raises NoAnswer."""
        self.delete(self.save("probe", ContentFile(b"x")))


class KeptInBucket(SealedFiles, Bucket):
    """Encrypted, before they leave this machine, where the installation has keys."""
