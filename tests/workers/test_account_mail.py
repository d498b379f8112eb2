"""Mail jobs as the worker runs them: sent again after a failure, with a link of its own each time."""

from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.identity import service as identity
from leadflow.identity.models import Purpose
from leadflow.identity.rules import fingerprint
from leadflow.kernel.errors import Permanent, Transient
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Company
from tests.fixtures.installation import as_superuser
from tests.fixtures.post import account_of
from tests.workers.mailers import Flaky, run


async def asked(app: App, company: Company, post: Flaky) -> None:
    async with app.work(system_scope(company.owner.organization_id)) as work:
        identity.send_link(work, account_of(company.owner), Purpose.RESET_PASSWORD)
    await run(app, post)


def state(app: App, company: Company) -> tuple[str, str]:
    with as_superuser(app.settings) as admin:
        row = admin.execute(
            "SELECT state, last_error FROM job WHERE organization_id = %s", (company.owner.organization_id,)
        ).fetchone()
    assert row is not None
    return row[0], row[1]


async def test_a_mail_that_was_not_taken_is_sent_again_with_another_link(
    premises: App, northwind: Company, post: Flaky
) -> None:
    post.says = [Transient("The mail server said 451 later")]
    await asked(premises, northwind, post)
    assert state(premises, northwind) == ("ready", "Transient: The mail server said 451 later")
    await run(premises, post)
    assert state(premises, northwind)[0] == "done"
    first, second = post.tokens()
    assert first != second
    with as_superuser(premises.settings) as admin:
        kept = admin.execute(
            "SELECT array_agg(token_hash) FROM account_token WHERE account_id = %s", (northwind.owner.actor.id,)
        ).fetchone()
    assert kept is not None
    assert set(kept[0]) == {fingerprint(first), fingerprint(second)}


async def test_a_mail_that_will_never_be_taken_fails_where_people_see_it(
    premises: App, northwind: Company, post: Flaky
) -> None:
    post.says = [Permanent("The mail server said 550 no such user")]
    await asked(premises, northwind, post)
    assert state(premises, northwind) == ("failed", "The mail server said 550 no such user")


async def test_who_has_left_the_organization_is_not_written_to(premises: App, northwind: Company, post: Flaky) -> None:
    async with premises.work(system_scope(northwind.owner.organization_id)) as work:
        identity.send_link(work, account_of(northwind.owner), Purpose.RESET_PASSWORD)
        await work.session.execute(text("DELETE FROM membership"))
    await run(premises, post)
    assert post.taken == []
    assert state(premises, northwind)[0] == "done"
