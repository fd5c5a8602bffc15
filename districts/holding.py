"""Files between preview and confirmation: in a folder of one person, swept when nobody confirms."""

from datetime import timedelta

from django.utils import timezone
from import_export.tmp_storages import MediaStorage

from districts.models import User

FOLDER = "imports"
LIFETIME = timedelta(hours=2)


class OwnStorage(MediaStorage):
    """import-export's own, in a folder of one person; what nobody confirms in time is swept."""

    def __init__(self, by: User, name: str | None = None) -> None:
        super().__init__(name=name, MEDIA_FOLDER=f"{FOLDER}/{by.pk}")

    def save(self, data: bytes) -> None:
        folders = self._storage.listdir(FOLDER)[0] if self._storage.exists(FOLDER) else []
        for folder in (f"{FOLDER}/{name}" for name in folders):
            for path in (f"{folder}/{name}" for name in self._storage.listdir(folder)[1]):
                if self._is_old(path):
                    self._storage.delete(path)
        super().save(data)

    def read(self) -> bytes:
        """Raises FileNotFoundError when it is not this person's, too old or confirmed already."""
        if self._is_old(self.get_full_path()):
            raise FileNotFoundError
        return bytes(super().read())

    def _is_old(self, path: str) -> bool:
        return bool(self._storage.get_modified_time(path) < timezone.now() - LIFETIME)
