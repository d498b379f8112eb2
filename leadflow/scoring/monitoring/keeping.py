"""Keeps, beside what was learned and in the same transaction, how well it was known before."""

from collections.abc import Mapping

from leadflow.kernel.work import Work
from leadflow.scoring.monitoring import repository
from leadflow.scoring.monitoring.diary import Diary
from leadflow.scoring.monitoring.tally import Book
from leadflow.scoring.scorer import Scorer


async def keep(work: Work, scorer: Scorer) -> None:
    """What the models of this batch said, learned and were told."""
    if scorer.grades:
        book = Book(await repository.totals(work, {grade.model for grade in scorer.grades}))
        book.add_all(scorer.grades)
        await repository.add_grades(work, book.days)
    if pages := scorer.diary.close():
        await repository.add_lessons(work, pages)
    if scorer.labels.tally:
        await repository.add_days(work, scorer.labels.tally)


async def replace(work: Work, book: Book, diary: Diary, tally: Mapping[tuple[int, str], int]) -> None:
    """This instead of all that was kept."""
    await repository.clear(work)
    await repository.add_grades(work, book.days)
    await repository.add_lessons(work, diary.close())
    await repository.add_days(work, tally)
