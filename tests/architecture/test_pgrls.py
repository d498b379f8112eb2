"""What a linter for row-level security has against our walls, and why each of it is meant."""

import json
import subprocess
import sys

from sqlalchemy.engine import make_url

from leadflow.bootstrap import App

MEANT = {
    ("SEC001", "public.alembic_version"): "which migration was the last: nobody's data",
    ("SEC005", "public.account.sign_up"): "whoever signs up makes an account that nobody has yet",
    ("SEC009", "public.account_token"): "reached through its functions alone",
    ("SEC016", "leadflow_owner"): "owns the definer functions; nobody can log in as it",
    ("SEC028", "public.account.sign_up"): "whoever signs up makes an account that nobody has yet",
    ("SEC029", "leadflow_migrator"): "changes tables, and runs while nothing is served",
    ("SEC035", "public.api_key (uq_api_key_secret_hash)"): "a request says by its key whose it is",
    ("SEC035", "public.form (uq_form_slug)"): "the address of a hosted form says whose it is",
    ("SEC035", "public.invitation (uq_invitation_token_hash)"): "a link says by its token what it is about",
    ("SEC035", "public.login_session (uq_login_session_token_hash)"): "a request says by its token whose it is",
}
MEANT_EVERYWHERE = {
    "SEC007": "one policy per table is all there is: nothing for a restrictive one to restrict",
    "SEC013": "our triggers run with the rights of whoever writes, within the walls",
    "SEC014": "the few functions that cross tenants; tests/architecture says what each must pin and ask",
    "SEC027": "who sees which lead of the organization is reach, decided in the query layer",
}


def test_the_linter_finds_nothing_that_is_not_meant(app: App) -> None:
    url = make_url(app.settings.admin_database_url).set(
        drivername="postgresql", database=make_url(app.settings.database_url).database
    )
    command = [sys.executable, "-m", "pgrls", "lint", "--format", "json", "--database-url"]
    found = subprocess.run(
        [*command, url.render_as_string(hide_password=False)], capture_output=True, text=True, check=False
    )
    violations = json.loads(found.stdout)["violations"]
    assert violations, found.stderr
    partitions = {"SEC009"}  # their parent's policy holds, and the app has no rights on them at all
    surprises = {
        (each["rule_id"], each["location"])
        for each in violations
        if each["rule_id"] not in MEANT_EVERYWHERE
        and not (each["rule_id"] in partitions and each["location"].startswith("public.event_"))
    }
    assert surprises == set(MEANT)
