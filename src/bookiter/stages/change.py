"""Before and after of some files, in memory: what everything downstream of the model works on."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from bookiter.patch import unified_diff


@dataclass(frozen=True)
class FileChange:
    """One file's text before and after; ``path`` is relative to the manuscript, with ``/``."""

    path: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """What would become of some files; those that stay the same are left out."""

    files: tuple[FileChange, ...]

    @classmethod
    def between(cls, before: Mapping[str, str], after: Mapping[str, str]) -> "Change":
        """Return the change from one set of texts to another; paths only in ``before`` stay as they are."""
        pairs = ((path, text, after.get(path, text)) for path, text in sorted(before.items()))
        return cls(tuple(FileChange(path, old, new) for path, old, new in pairs if old != new))

    def __bool__(self) -> bool:
        return bool(self.files)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(file.path for file in self.files)

    def diff(self) -> str:
        """Return the canonical unified diff of all files."""
        return "".join(unified_diff(file.path, file.before, file.after) for file in self.files)

    def fingerprint(self) -> str:
        """Return a hash by which a verdict is tied to exactly this change."""
        digest = sha256()
        for file in self.files:
            for part in (file.path, file.before, file.after):
                data = part.encode("utf-8")
                digest.update(len(data).to_bytes(8, "big") + data)
        return digest.hexdigest()
