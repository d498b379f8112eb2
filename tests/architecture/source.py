"""The product's own source, as text and as syntax."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import leadflow

ROOT = Path(leadflow.__file__).parents[1]
PRODUCT = ("leadflow", "workers")
WRAPPERS = "leadflow/ui/wrappers"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def modules(*folders: str) -> dict[str, ast.Module]:
    """Every Python file below these folders (the product's when none is named), parsed, by its path."""
    found = [path for folder in folders or PRODUCT for path in sorted((ROOT / folder).rglob("*.py"))]
    return {name_of(path): ast.parse(path.read_text("utf-8")) for path in found}


def scripts() -> list[Path]:
    return [path for path in sorted((ROOT / "leadflow").rglob("*")) if path.suffix in {".js", ".jsx"}]


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Calls by the last part of the name of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=called) | ast.Attribute(attr=called):
                    yield called, node


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """String constants with their lines, without docstrings."""
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


def tracked() -> list[Path]:
    """Every file that is committed."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
