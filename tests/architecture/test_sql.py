"""SQL: where it may stand, what it may be put together from, and who ends a transaction."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import calls, modules, texts

STATEMENT = re.compile(
    r"^\s*(SELECT|INSERT INTO|UPDATE \S+ SET|DELETE FROM|WITH \w+ AS|COPY|TRUNCATE|SET (LOCAL|ROLE)|"
    r"(ALTER|CREATE|DROP|GRANT|REVOKE) [A-Z{])\b"
)
PIECE = re.compile(
    r"\b(SELECT|INSERT INTO|DELETE FROM|WHERE|ORDER BY|FROM lead|ALTER TABLE|CREATE POLICY|IS NULL|LIMIT)\b"
    r"|= ANY\(|AND \("
)
MAKERS = {"select", "insert", "update", "delete"}

ELSEWHERE = {
    "leadflow/cli/product.py": "which organization is meant, asked of a function before there is a scope",
    "leadflow/insight/kpi.py": "puts the leads within reach into the statements of the shelf",
    "workers/shift.py": "partitions and old rows of all organizations: functions, called once an hour",
}
"""Files outside of the places for SQL that have some, and why."""

COMPOSED = {
    ("leadflow/views/conditions/fields.py", "key"): "literals of the same module",
    ("leadflow/views/conditions/queries.py", "field.column"): "a constant of the registry of fields",
    ("leadflow/views/conditions/queries.py", "self._bound(ids)"): "the name of a bound value",
    ("leadflow/views/conditions/queries.py", "self._bound(list(condition.values))"): "the name of a bound value",
    ("leadflow/views/orders/queries.py", "bounds[0]"): "the name of a bound value, and a constant type",
    ("leadflow/views/orders/queries.py", "keys[0]"): "a constant for each member of the enumeration Sort",
    ("leadflow/views/orders/queries.py", "signs[0]"): "one of two literals",
    ("leadflow/views/queries.py", "how.after"): "composed in views/orders of literals and its constants",
    ("leadflow/views/queries.py", "how.by"): "composed in views/orders of literals and its constants",
    ("leadflow/views/queries.py", "how.hits_by"): "composed in views/orders of literals",
    ("leadflow/views/queries.py", "how.places"): "composed in views/orders of literals and its constants",
    ("leadflow/views/queries.py", "how.source"): "composed in views/orders, or by the search, of literals",
    ("leadflow/views/queries.py", "how.told"): "composed in views/orders of literals",
    ("leadflow/views/queries.py", "clause"): "made by `where`, whose words tests/views prove to be its own",
    ("leadflow/views/filtering/queries.py", "name"): "literals",
    ("leadflow/views/queries.py", "_columns(work)"): "the columns of a row, each a literal or null",
    ("leadflow/views/queries.py", "_columns(work, extra)"): "the same, with members of the enumeration Extra",
    ("leadflow/views/columns.py", "reason"): "one of two constants of leads",
    ("leadflow/views/columns.py", "columns"): "literals",
    ("leadflow/views/totals/queries.py", "clause"): "made by `where`",
    ("leadflow/views/totals/queries.py", "source"): "composed of `clause` and literals",
    ("leadflow/views/totals/queries.py", "each"): "composed of `source` and constants",
    ("leadflow/views/search/queries.py", "seen"): "composed of literals",
    ("leadflow/leads/queries.py", "_DETAIL.format(reason=reason)"): "composed of constants",
    ("leadflow/leads/queries.py", "reason"): "one of two constants",
    ("leadflow/views/queries.py", "now"): "a reach's clause",
    ("leadflow/views/queries.py", "before"): "a reach's clause",
    ("leadflow/kernel/reach.py", "alias"): "a literal of whoever composes",
    ("leadflow/kernel/reach.py", "was"): "one of two literals",
    ("leadflow/kernel/reach.py", "name"): "a literal of whoever composes",
    ("leadflow/kernel/reach.py", "' OR '.join(parts)"): "composed above of literals",
    ("leadflow/leads/queries.py", "clause"): "a reach's clause",
    ("leadflow/leads/queries.py", "exists"): "composed above of a reach's clause and the caller's literal",
    ("leadflow/leads/repository.py", "clause"): "a reach's clause",
    ("leadflow/intake/queries.py", "clause"): "a reach's clause",
    ("leadflow/scoring/queries.py", "clause"): "a reach's clause",
    ("leadflow/scoring/backtest/queries.py", "clause"): "a reach's clause",
    ("leadflow/intelligence/queries.py", "within"): "a reach's clause",
    ("leadflow/scoring/whatif/queries.py", "clause"): "a reach's clause",
    ("leadflow/routing/queries.py", "clause"): "a reach's clause",
    ("leadflow/routing/clock/queries.py", "within"): "a reach's clause",
    ("leadflow/routing/trust/repository.py", "clause"): "a reach's clause",
    ("leadflow/routing/offers/queries.py", "clause"): "a reach's clause",
    ("leadflow/views/selecting/queries.py", "reach"): "a reach's clause",
    ("leadflow/views/selecting/queries.py", "clause"): "made by `selected`",
    ("leadflow/views/selecting/queries.py", "columns"): "constants of whoever asks",
    ("leadflow/intake/exporting/queries.py", "clause"): "made by `selected`",
    ("leadflow/intake/exporting/queries.py", "reach.text"): "a reach's clause",
    ("leadflow/intake/exporting/queries.py", "clause + reach.text"): "composed of the two above",
    ("leadflow/intake/exporting/queries.py", "cells.text"): "composed of literals",
    ("leadflow/intake/exporting/queries.py", "ordering(order, work.scope.fields, None).by"): "composed of constants",
    ("leadflow/intake/editing/repository.py", "within"): "a reach's clause",
    ("leadflow/intake/editing/repository.py", "_GET.text"): "a constant",
    ("leadflow/notifications/queries.py", "reach"): "a reach's clause",
    ("leadflow/notifications/queries.py", "leads"): "composed of a constant and a reach's clause",
    ("leadflow/notifications/queries.py", "mine"): "composed of constants and a reach's clause",
    ("leadflow/notifications/queries.py", "conditions"): "composed of constants",
    ("leadflow/tasks/queries.py", "leads"): "a reach's clause",
    ("leadflow/tasks/queries.py", "people"): "a reach's clause",
    ("leadflow/tasks/queries.py", "seen"): "composed of a constant and a reach's clauses",
    ("leadflow/tasks/queries.py", "conditions"): "composed of literals",
    ("leadflow/tasks/queries.py", "after if cursor else ''"): "one of two constants, or nothing",
    ("leadflow/tasks/queries.py", "order"): "one of two constants",
    ("leadflow/views/queries.py", "_total(clause, lead_filter, place)"): "composed of `clause` and literals",
    ("leadflow/leads/queries.py", "after"): "a literal or nothing",
    ("leadflow/leads/queries.py", "only"): "a literal or nothing",
    ("leadflow/kernel/tables.py", "default"): "a default of a column, in the declaration of a table",
    ("leadflow/infra/rls.py", "table"): "a table in a migration",
    ("leadflow/infra/rls.py", "key"): "a column in a migration",
    ("leadflow/infra/provision.py", "options"): "literals of `_ROLES`",
}
"""What is put into SQL as text though it is no constant of its module, and why that cannot be somebody's input."""

COMMITS = {
    "leadflow/infra/db.py": "the unit of work",
    "leadflow/infra/session.py": "its session, which commits in the round trip that writes what was buffered",
    "alembic/env.py": "takes the migration lock for the session, before any migration begins",
}


def is_place_for_sql(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return name in {"repository.py", "queries.py"} or folder.endswith("/kpis") or path.startswith("leadflow/infra/")


def declares_tables(path: str) -> bool:
    return path.rpartition("/")[2] in {"models.py", "tables.py"}


def imported_makers(tree: ast.Module) -> set[str]:
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (
            (node.module or "").partition(".")[0] in {"sqlalchemy", "sqlmodel"} or node.module == "leadflow.kernel.sql"
        )
        for alias in node.names
    } & {*MAKERS, "text"}


def test_sql_stands_in_repositories_queries_kpis_and_adapters() -> None:
    astray = set()
    for path, tree in modules().items():
        makers = imported_makers(tree) - ({"text"} if declares_tables(path) else set())
        statements = [line for line, said in texts(tree) if STATEMENT.match(said)]
        if (makers or statements) and not is_place_for_sql(path):
            astray.add(path)
    assert astray == set(ELSEWHERE)


def inserted(tree: ast.Module) -> Iterator[ast.expr]:
    """Whatever is put into a text that is, or looks like, SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            said = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
            if PIECE.search(said):
                yield from (part.value for part in node.values if isinstance(part, ast.FormattedValue))
    for called, call in calls(tree):
        if called in {"text", "SQL"}:
            for inner in ast.walk(call):
                if isinstance(inner, ast.FormattedValue):
                    yield inner.value
                elif isinstance(inner, ast.BinOp):
                    yield inner
        if called == "format" and isinstance(call.func, ast.Attribute):
            if not (isinstance(call.func.value, ast.Name) and call.func.value.id.strip("_").isupper()):
                continue
            yield from (keyword.value for keyword in call.keywords)
            yield from call.args


def constants(tree: ast.Module) -> set[str]:
    """Names in capitals that the module assigns or imports at its top."""
    names: set[str] = set()
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
            case ast.Assign(targets=[ast.Tuple(elts=elements)]):
                names |= {ast.unparse(element) for element in elements}
            case ast.ImportFrom():
                names |= {alias.asname or alias.name for alias in node.names}
    return {name for name in names if name.strip("_").isupper()}


def is_constant(value: ast.expr, known: set[str]) -> bool:
    match value:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name in known
        case ast.BinOp(left=left, right=right):
            return is_constant(left, known) and is_constant(right, known)
        case ast.Subscript(value=ast.Name(id=name)):
            return name in known
    return False


def test_only_constants_and_words_of_ours_are_put_into_sql() -> None:
    found = {
        (path, ast.unparse(value))
        for path, tree in modules().items()
        for value in inserted(tree)
        if not is_constant(value, constants(tree))
    }
    assert found == set(COMPOSED)


def test_only_the_unit_of_work_commits() -> None:
    committing = {
        path
        for path, tree in modules("leadflow", "workers", "alembic").items()
        for called, call in calls(tree)
        if called == "commit" and isinstance(call.func, ast.Attribute) and not call.args and not call.keywords
    }
    assert committing == set(COMMITS)


def test_only_the_unit_of_work_says_whose_transaction_it_is() -> None:
    setting = {
        path
        for path, tree in modules("leadflow", "workers", "alembic").items()
        for _, said in texts(tree)
        if re.search(r"set_config\s*\(|\bSET\s+(LOCAL\s+|SESSION\s+)?app\.", said, re.IGNORECASE)
    }
    assert setting == {"leadflow/infra/db.py"}
