"""Passwords and keys of one installation: made once, kept in `secrets.json`, readable by its owner only."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path

FILE_NAME = "secrets.json"


@dataclass(frozen=True)
class Secrets:
    postgres: str
    app: str
    migrator: str
    redis: str
    secret_key: str


def load_or_create(home: Path) -> Secrets:
    path = home / FILE_NAME
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    names = [field.name for field in fields(Secrets)]
    complete = Secrets(**{name: known.get(name) or secrets.token_urlsafe(24) for name in names})
    if asdict(complete) != known:
        _write(path, json.dumps(asdict(complete), indent=2))
    return complete


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
