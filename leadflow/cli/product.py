"""What the commands do, once options are parsed: opens the application and calls use cases."""

import json
import secrets
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from leadflow import onboarding
from leadflow.audit import chain
from leadflow.audit import service as audit
from leadflow.bootstrap import App, build
from leadflow.identity import passwords
from leadflow.identity import repository as identities
from leadflow.identity import service as identity
from leadflow.identity.breached import is_breached
from leadflow.infra.projector import Projector
from leadflow.intake import exporting, importing
from leadflow.intelligence import projection as intelligence
from leadflow.kernel.errors import NotFound
from leadflow.kernel.ids import parse_id
from leadflow.scoring import relearning
from leadflow.settings import Settings
from leadflow.simulation import demo, errands, floor, habits, running
from leadflow.simulation import replay as replaying
from leadflow.simulation.company import DEMO
from leadflow.simulation.datasets import datasets
from leadflow.simulation.product import Product
from leadflow.tenancy import seats
from leadflow.tenancy import service as tenancy
from leadflow.tenancy.commands import SetSeats
from leadflow.tenancy.permissions import Role
from leadflow.views.rules import LeadFilter

Report = Callable[[str], None]
People = list[dict[str, str]]

OWNER = "ada@larkspur.example"
STAFF = (
    ("cleo@larkspur.example", "Cleo Marchetti", Role.MANAGER),
    ("ben@larkspur.example", "Ben Adeyemi", Role.REP),
    ("mina@larkspur.example", "Mina Kowalska", Role.REP),
    ("jonas@larkspur.example", "Jonas Lindqvist", Role.REP),
    ("vera@larkspur.example", "Vera Osei", Role.VIEWER),
)
SEED = "demo"


async def create_admin(settings: Settings, *, email: str, name: str, organization: str, password: str) -> None:
    """Found an organization with its owner."""
    async with build(settings) as app:
        command = onboarding.SignUp(organization=organization, name=name, email=email, password=password)
        await onboarding.found(app, command)


async def organization_named(app: App, name: str) -> UUID:
    """The organization of that name; the only one there is when the name is empty.

    Raises:
        NotFound: there is none, or the name says not which.

    """
    found = await organizations_named(app, name)
    if len(found) == 1:
        return found[0]
    if not name:
        raise NotFound("Say which organization with --organization: there is not exactly one.")
    raise NotFound(f"There is {'no' if not found else 'more than one'} organization called {name!r}.")


async def organizations_named(app: App, name: str) -> list[UUID]:
    """Those of that name; all of them when it is empty."""
    async with app.across() as session:
        rows = await session.execute(text("SELECT * FROM organizations_named(:name)"), {"name": name})
        return [UUID(str(each)) for each in rows.scalars()]


async def seats_of(settings: Settings, organization: str, change: SetSeats | None) -> str:
    """How many seats an organization has, after `change` where there is one, and who takes them: a line to print.

    Raises:
        NotFound: there is no such organization, or the name says not which.

    """
    async with build(settings) as app:
        organization_id = parse_id(organization) or await organization_named(app, organization)
        async with app.work(tenancy.system_scope(organization_id)) as work:
            name = (await tenancy.current_organization(work)).name
            counted = await (seats.set_seats(work, change) if change else seats.seats(work))
    if counted.limit is None:
        return f"{name}: any number of seats, taken by {counted}"
    over = " Nobody has to leave, and nobody can join." if counted.used > counted.limit else ""
    return f"{name}: {counted.limit} {'seat' if counted.limit == 1 else 'seats'}, taken by {counted}.{over}"


async def export_leads(settings: Settings, organization: str, file: Path) -> str:
    """Write all leads of an organization into a file, as a workbook where it is named so: a line to print.

    Raises:
        NotFound: there is no such organization, or the name says not which.
        Invalid: a workbook does not hold so many leads.

    """
    form = exporting.Format.XLSX if file.suffix.lower() == ".xlsx" else exporting.Format.CSV
    async with build(settings) as app:
        scope = tenancy.system_scope(parse_id(organization) or await organization_named(app, organization))
        async with app.work(scope) as work:
            name = (await tenancy.current_organization(work)).name
        made = await exporting.export(app, scope, exporting.ExportLeads(where=LeadFilter(), format=form))
        with file.open("wb") as target:
            async for piece in made.pieces:
                target.write(piece)
    return f"{made.leads:,} {'lead' if made.leads == 1 else 'leads'} of {name} are in {file}."


async def relearn(settings: Settings, organization: str, report: Report) -> None:
    """Have scoring learn, and insights count, anew from the log, of one organization or of all; a worker does it."""
    async with build(settings) as app:
        for organization_id in await _organizations(app, organization):
            async with app.work(tenancy.system_scope(organization_id)) as work:
                relearning.ask(work)
                await intelligence.rebuild(work)
                name = (await tenancy.current_organization(work)).name
            report(f"{name}: a worker is going to learn anew from its log.")


async def verify_audit(settings: Settings, *, organization: str, report: Report) -> bool:
    """Go through the audit trail of one organization, or of all, and report a line for each; whether all are whole."""
    is_whole = True
    async with build(settings) as app:
        sign = chain.signer(settings.secret_key.get_secret_value())
        for organization_id in await _organizations(app, organization):
            scope = tenancy.system_scope(organization_id)
            async with app.work(scope) as work:
                name = (await tenancy.current_organization(work)).name
            verdict = await audit.verify(app, scope, sign)
            report(f"{name}: {verdict}")
            is_whole = is_whole and verdict.broken is None
    return is_whole


async def _organizations(app: App, name: str) -> list[UUID]:
    if name:
        return [parse_id(name) or await organization_named(app, name)]
    async with app.across() as session:
        return list((await session.execute(text("SELECT * FROM every_organization()"))).scalars())


async def seed_demo(settings: Settings, *, days: int, report: Report) -> People:
    """The demo organization with its history. A second run, or one after a kill, only completes the first."""
    credentials = settings.home / "demo.json"
    async with build(settings) as app:
        organization_id = await _demo_organization(app)
        if organization_id is None:
            # Written before the accounts exist: a run that is killed in between must not lose their passwords.
            fresh = _credentials()
            credentials.write_text(json.dumps(fresh, indent=2))
            organization_id = await _found_demo(app, fresh)
        people: People = json.loads(credentials.read_text())
        await _tell_history(app, organization_id, days, report)
    return people


def _credentials() -> People:
    # By chance one in some thousands would be refused.
    password = next(each for each in iter(_new_password, "") if not is_breached(each))
    roles = [("owner", OWNER), *((role.value, email) for email, _, role in STAFF)]
    return [{"role": role, "email": email, "password": password} for role, email in roles]


def _new_password() -> str:
    return "-".join(secrets.token_hex(2) for _ in range(3))


async def _demo_organization(app: App) -> UUID | None:
    async with app.across() as session:
        account = await identities.account_for_login(session, OWNER)
    return account.organization_id if account else None


async def _found_demo(app: App, people: People) -> UUID:
    password = people[0]["password"]
    entered = await onboarding.found(
        app, onboarding.SignUp(organization=DEMO.name, name="Ada Marlowe", email=OWNER, password=password)
    )
    password_hash = await passwords.hash_password(password)
    async with app.work(tenancy.system_scope(entered.organization_id)) as work:
        sellers = []
        for email, name, role in STAFF:
            account = await identity.create_account(
                work, email=email, name=name, password_hash=password_hash, is_verified=True
            )
            await tenancy.add_member(work, account.id, role)
            if role is Role.REP:
                sellers.append(account.id)
        await floor.lay(work, DEMO, sellers)
    return entered.organization_id


async def _tell_history(app: App, organization_id: UUID, days: int, report: Report) -> None:
    """Told up to one moment, which is remembered: told again, the same steps change nothing."""
    scope = tenancy.system_scope(organization_id)
    async with app.work(scope) as work:
        organization = await tenancy.current_organization(work)
        told = dict(organization.settings.get("demo", {}))
        if told.get("is_told"):
            return
        until = datetime.fromisoformat(told["until"]) if told else datetime.now(UTC)
        organization.settings = {**organization.settings, "demo": {"until": until.isoformat(), "is_told": False}}
    product = await _product(app, organization_id)
    await running.tell_history(product, demo.history(SEED, until, days), lambda progress: report(progress.line()))
    report("scoring")
    for projection in app.projections:
        await Projector(app.database, projection, scope.permissions).catch_up(organization_id)
    async with app.work(scope) as work:
        people = await tenancy.people(work)
        await errands.hand_out(work, DEMO, [person.id for person in people if person.role != Role.VIEWER], until)
        owner = next(person.id for person in people if person.role == Role.OWNER)
        await habits.share(work, owner, [person.id for person in people])
        organization = await tenancy.current_organization(work)
        organization.settings = {**organization.settings, "demo": {"until": until.isoformat(), "is_told": True}}


async def _product(app: App, organization_id: UUID) -> Product:
    scope = tenancy.system_scope(organization_id)
    async with app.work(scope) as work:
        people = await tenancy.people(work)
    keys = {rep.name: rep.key for rep in DEMO.reps}
    reps = {keys.get(person.name, person.name): person.id for person in people if person.role == Role.REP}
    return Product(app, scope, reps)


async def run_live(settings: Settings, *, speed: float, report: Report) -> None:
    """The demo organization lives until this is cancelled."""
    async with build(settings) as app:
        organization_id = await _demo_organization(app)
        if organization_id is None:
            raise NotFound("There is no demo organization here: run `leadflow demo` first.")
        product = await _product(app, organization_id)
        done = Counter[str]()
        async for step, happened in running.live(product, SEED, app.clock, speed=speed):
            done[type(step).__name__.lower()] += happened
            if sum(done.values()) % 50 == 0:
                report(", ".join(f"{count} {kind}" for kind, count in sorted(done.items())))


async def replay(
    settings: Settings, dataset: str, directory: Path, *, rate: float, organization: str, report: Report
) -> str:
    """Replay a data set into an organization; returns what there is to say at the end."""
    known = datasets()
    if dataset not in known:
        raise NotFound(f"There is no data set {dataset!r}. There are: {', '.join(known)}.")
    warnings = Counter[str]()
    async with build(settings) as app:
        product = await _product(app, await organization_named(app, organization))
        steps = known[dataset].steps(directory, warnings)
        progress = await replaying.run(product, steps, rate, lambda progress: report(progress.line()))
    return "\n".join([progress.summary(), *(f"{count} × {warning}" for warning, count in warnings.items())])


async def import_file(
    settings: Settings, file: Path, *, organization: str, mapping: dict[str, str], dry_run: bool, report: Report
) -> tuple[str, bytes]:
    """Import a CSV file, or say what would happen; returns that, and the rows that stayed out as a file."""
    chosen: dict[str, str | None] = {**mapping}
    async with build(settings) as app:
        scope = tenancy.system_scope(await organization_named(app, organization))
        if dry_run:
            forecast = await importing.examine_file(app, scope, file, chosen)
            return _forecast_in_words(forecast), b""
        summary = await importing.import_file(
            app, scope, file, chosen, lambda done, total: report(f"{done:,} of {total:,} rows")
        )
        if not summary.rejected:
            return str(summary), b""
        pieces = await importing.rejected_csv(app, scope, summary.id)
        return str(summary), b"".join([piece async for piece in pieces])


def _forecast_in_words(forecast: importing.Forecast) -> str:
    summary = (
        f"{forecast.new:,} new leads, {forecast.existing:,} join leads that are there, "
        f"{forecast.duplicates_in_file:,} twice in the file, {forecast.invalid:,} with problems. Nothing was changed."
    )
    problems = [problem for problem in forecast.problems if isinstance(problem, dict)]
    lines = [f"  row {problem['row']}, {problem['field']}: {problem['message']}" for problem in problems]
    return "\n".join([summary, *lines])
