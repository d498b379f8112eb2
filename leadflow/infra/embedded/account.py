"""Which operating-system account the engines run as: PostgreSQL refuses to be root."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from leadflow.infra.embedded.errors import EngineError
from leadflow.infra.progress import say

CANDIDATES = ("leadflow", "postgres", "nobody", "daemon")


@dataclass(frozen=True)
class Account:
    """`prefix` is put before a command to run it as this account; empty when that is who we are."""

    name: str
    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def own(self, path: Path) -> None:
        """Hand a directory of ours, with all that is in it, to the account."""
        if self.prefix and path.stat().st_uid != self.uid:
            for entry in (path, *path.rglob("*")):
                os.chown(entry, self.uid, self.gid, follow_symlinks=False)


def choose(program: Path, directory: Path) -> Account:
    """The account that can run `program` on data in `directory`, with as little changed on the machine as it takes."""
    if os.geteuid() != 0:
        return Account(pwd.getpwuid(os.geteuid()).pw_name, os.geteuid(), os.getegid())
    entry = _account_entry(directory)
    plain = _as_account(entry.pw_uid, entry.pw_gid)
    for prefix in (plain, _traversing(plain)):
        account = Account(entry.pw_name, entry.pw_uid, entry.pw_gid, prefix)
        if _works(account, program, directory):
            return account
    _open_the_way(entry.pw_name, program, directory)
    account = Account(entry.pw_name, entry.pw_uid, entry.pw_gid, plain)
    if _works(account, program, directory):
        return account
    raise EngineError(
        f"Embedded engines do not run as root, and the account {entry.pw_name} cannot reach {program} or {directory}: "
        "run as an ordinary user, or move the checkout to a directory that everyone may enter."
    )


def _account_entry(directory: Path) -> pwd.struct_passwd:
    owner = directory.stat().st_uid
    if owner != 0:
        return pwd.getpwuid(owner)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if _succeeds([*_as_account(entry.pw_uid, entry.pw_gid), "true"]):
            return entry
    raise EngineError(
        "Embedded engines do not run as root and this machine has no account to lend it: run as an ordinary user."
    )


def _as_account(uid: int, gid: int) -> tuple[str, ...]:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EngineError(
            "Embedded engines do not run as root and `setpriv` is missing: install util-linux, or run as a user."
        )
    return (setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--no-new-privs")


def _traversing(plain: tuple[str, ...]) -> tuple[str, ...]:
    """The account with one right of root's: to pass through directories such as /root, which stay closed to others."""
    # access(2), by which initdb looks for its neighbours, leaves rights out unless the last bit is set.
    return (
        *plain,
        "--inh-caps=-all,+dac_read_search",
        "--ambient-caps=+dac_read_search",
        "--securebits=+no_setuid_fixup",
    )


def _works(account: Account, program: Path, directory: Path) -> bool:
    account.own(directory)
    enter = 'cd "$1" && test -w . && "$0" --version'
    return _succeeds([*account.prefix, "sh", "-c", enter, str(program), str(directory)])


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False, cwd="/").returncode == 0


def _open_the_way(name: str, program: Path, directory: Path) -> None:
    opened = []
    for parent in {*program.parents, *directory.parents}:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)
            opened.append(str(parent))
    if opened:
        say(f"  The embedded engines run as {name}; everyone may now enter {', '.join(sorted(opened))}")
