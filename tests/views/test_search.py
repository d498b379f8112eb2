"""What a search finds, in which order, and for whom."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope
from leadflow.leads import CaptureLead
from leadflow.leads.rules import folded, search_words
from leadflow.views import queries as views
from leadflow.views.rules import MAX_TERMS, LeadFilter, Sort, terms_of
from leadflow.views.search import queries as search
from tests.fixtures.cast import Member
from tests.fixtures.engines import TestDatabase
from tests.views.office import page, pages

PEOPLE = (
    CaptureLead(name="Ann Berg", email="ann@fjord.example", phone="+49 30 901820", company="Fjord AS"),
    CaptureLead(name="Anna Lovelace", email="anna.lovelace@analytical.example", company="Analytical Engines"),
    CaptureLead(name="Joanna Ruiz", email="jr@ruiz.example", phone="+34912345678", company="Ruiz & Hijos"),
    CaptureLead(name="Jörg Müßig", email="post@strasse.example", company="Straßenbau"),
    CaptureLead(name="Hannah Ann", email="h@annex.example", company="Annex"),
)

MANY = 3000
PLANTED = """
    WITH fresh AS (
        INSERT INTO lead (organization_id, id, name, email, phone, company, title, domain, country, source, custom)
        SELECT %(organization_id)s, gen_random_uuid(), 'p' || n, '', '', '', '', '', '', '', '{}'
        FROM generate_series(1, 3000) n RETURNING id, name
    )
    INSERT INTO lead_search (organization_id, lead_id, words)
    SELECT %(organization_id)s, id, name || ' ' || %(words)s FROM fresh
"""
FIND = text("SELECT * FROM find_leads(CAST(:terms AS text[]), 500)")
READ = text("""
    SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables
    WHERE relname IN ('lead_word', 'lead_search')
""")


@pytest.fixture
async def desk(app: App, ada: Member) -> AsyncIterator[App]:
    async with app.work(ada) as work:
        await leads.capture_valid(work, list(PEOPLE))
    yield app


async def found(app: App, scope: Scope, q: str, sort: Sort = Sort.RELEVANCE) -> list[str]:
    return [row["name"] for row in (await page(app, scope, sort, q=q)).items]


class TestTerms:
    @pytest.mark.parametrize(
        ("q", "terms"),
        [
            ("", ()), ("  ", ()), ("Ann  ann BERG", ("ann", "berg")), ("Müßig", ("mussig",)), ("\u0301", ()),
            ("+49 30 / 901-820", ("4930901820",)), ("(030) 901", ("30901",)), ("+49 (0) 30 901", ("4930901",)),
            ("42", ("42",)), ("0", ("0",)), ("anna.l", ("anna.l",)), ("100%", ("100%",)),
        ],
    )  # fmt: skip
    def test_of_a_question(self, q: str, terms: tuple[str, ...]) -> None:
        assert terms_of(q) == terms

    @given(st.text(max_size=200))
    def test_are_few_and_short_and_already_folded(self, q: str) -> None:
        terms = terms_of(q)
        assert len(terms) <= MAX_TERMS
        assert all(0 < len(term) <= 64 for term in terms)
        assert len(set(terms)) == len(terms)

    @given(st.text(max_size=50))
    def test_letters_compare_without_case_and_marks(self, words: str) -> None:
        assert folded(words) == folded(folded(words))
        assert not any("\u0300" <= letter <= "\u036f" for letter in folded(words))

    def test_a_number_is_its_digits(self) -> None:
        assert search_words("Ann", "", "+49 (30) 90-18", "") == "ann +49309018"


class TestOrder:
    async def test_whole_words_come_before_beginnings_before_insides(self, desk: App, ada: Member) -> None:
        names = await found(desk, ada, "ann")
        assert set(names[:2]) == {"Ann Berg", "Hannah Ann"}
        assert names[2:] == ["Anna Lovelace", "Joanna Ruiz"]

    async def test_of_what_is_found_equally_well_the_best_lead_comes_first(self, desk: App, ada: Member) -> None:
        for name in ("Ann Berg", "Hannah Ann"):
            async with desk.work(ada) as work:
                await work.session.execute(text("UPDATE lead SET score = 0"))
                await work.session.execute(text("UPDATE lead SET score = 90 WHERE name = :name"), {"name": name})
            assert (await found(desk, ada, "ann"))[0] == name

    @pytest.mark.parametrize("limit", [1, 2, 3, 4])
    async def test_pages_go_through_it(self, desk: App, ada: Member, limit: int) -> None:
        rows = await pages(desk, ada, Sort.RELEVANCE, limit, q="ann")
        assert [row["name"] for row in rows] == await found(desk, ada, "ann")

    async def test_when_there_may_be_more_it_says_so(
        self, desk: App, ada: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "BEST", 3)
        async with desk.work(ada) as work:
            some = await views.page(work, LeadFilter(q="ann"), Sort.RELEVANCE, None, 50)
            all_of_them = await views.page(work, LeadFilter(q="lovelace"), Sort.RELEVANCE, None, 50)
        assert (some.total, some.total_capped, len(some.items)) == (3, True, 3)
        assert (all_of_them.total, all_of_them.total_capped) == (1, False)

    async def test_another_order_is_kept(self, desk: App, ada: Member) -> None:
        names = await found(desk, ada, "ann", Sort.NAME)
        assert names == sorted(names)
        assert len(names) == 4


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("a", {"Ann Berg", "Anna Lovelace", "Hannah Ann"}),
        ("jo", {"Joanna Ruiz", "Jörg Müßig"}),
        ("lovelace anna", {"Anna Lovelace"}),
        ("an engines", {"Anna Lovelace"}),
        ("lovelase", {"Anna Lovelace"}),
        ("lovlace", {"Anna Lovelace"}),
        ("loveelace", {"Anna Lovelace"}),
        ("lovelcae anna", {"Anna Lovelace"}),
        ("lovlase", set()),
        ("brg", set()),
        ("anna.lov", {"Anna Lovelace"}),
        ("@fjord", {"Ann Berg"}),
        ("velac", {"Anna Lovelace"}),
        ("030 90 18", {"Ann Berg"}),
        ("+49 (30) 901-820", {"Ann Berg"}),
        ("901.820", {"Ann Berg"}),
        ("jorg mussig", {"Jörg Müßig"}),
        ("STRASSENBAU", {"Jörg Müßig"}),
        ("ruiz & hijos", {"Joanna Ruiz"}),
        ("%", set()), ("_", set()), ("\\", set()), ("an%a", set()), ("a_na", set()), ("%%%nna", set()),
        ("' OR 1=1 --", set()), ("{ann,berg}", set()), ("\U0010ffff", set()), ("ann " * 50, {"Ann Berg", "Hannah Ann",
        "Anna Lovelace", "Joanna Ruiz"}), ("x" * 200, set()),
    ],
)  # fmt: skip
async def test_what_is_typed_finds(desk: App, ada: Member, mallory: Member, q: str, names: set[str]) -> None:
    assert set(await found(desk, ada, q)) == names
    assert set(await found(desk, ada, q, Sort.SCORE_DESC)) == names
    assert await found(desk, mallory, q) == []


class TestWords:
    """What search knows follows the leads."""

    async def test_a_lead_that_goes_takes_its_words_along(self, desk: App, ada: Member) -> None:
        async with desk.work(ada) as work:
            count = text("SELECT count(*) FROM lead_word")
            assert (await work.session.execute(count)).scalar_one() > 0
            await work.session.execute(text("DELETE FROM lead"))
            assert (await work.session.execute(count)).scalar_one() == 0

    async def test_they_are_told_to_their_organization_alone(self, desk: App, ada: Member, mallory: Member) -> None:
        async with desk.work(mallory) as work:
            assert (await work.session.execute(text("SELECT count(*) FROM lead_word"))).scalar_one() == 0

    @pytest.mark.parametrize("q", ["x", "an", "ann", "ann berg", "velac", "lovelase", "901", "%"])
    async def test_a_search_reads_little_of_an_installation(
        self, desk: App, ada: Member, mallory: Member, database: TestDatabase, q: str
    ) -> None:
        """Among many leads of one's own whose words are others, and many of somebody else's whose words are alike."""
        with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
            for member, words in ((ada, "tim quod zoe@bog.test"), (mallory, "ann berg anna lovelace 901")):
                admin.execute(PLANTED, {"organization_id": member.organization_id, "words": words})
            admin.execute("VACUUM ANALYZE lead_search, lead_word")
        async with desk.work(ada) as work:
            before = (await work.session.execute(READ)).scalar_one()
            await work.session.execute(FIND, {"terms": list(terms_of(q))})
            read = (await work.session.execute(READ)).scalar_one() - before
        assert read < MANY // 10

    async def test_the_database_folds_as_the_rules_do(self, desk: App, ada: Member) -> None:
        async with desk.work(ada) as work:
            for words in ("Jörg MÜßIG", "Zoë", "Łódź", "Ångström", "İstanbul", "ﬁn", "Æon", "naïve Straße"):
                asked = await work.session.execute(text("SELECT folded(:words)"), {"words": words})
                assert asked.scalar_one() == folded(words)


async def test_a_filter_narrows_what_is_found(desk: App, ada: Member) -> None:
    assert (await page(desk, ada, Sort.RELEVANCE, q="ann", owner="none")).total == 4
    assert (await page(desk, ada, Sort.RELEVANCE, q="ann", stage=("won",))).total == 0
    assert LeadFilter(q="ann").signature != LeadFilter(q="anna").signature
