import random

import phonenumbers
import pytest
from email_validator import validate_email

from leadflow.simulation import people, phones
from leadflow.simulation.company import DEMO


@pytest.fixture(scope="module")
def crowd() -> list[people.Person]:
    rng = random.Random(7)
    return [people.draw(rng) for _ in range(3000)]


class TestDraw:
    def test_every_address_is_under_a_reserved_name(self, crowd: list[people.Person]) -> None:
        assert all(person.email.endswith(".example") for person in crowd if person.email)

    def test_every_number_is_reserved_and_well_formed(self, crowd: list[people.Person]) -> None:
        numbers = {person.phone for person in crowd if person.phone}
        assert all(phones.is_reserved(number) for number in numbers)
        assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in numbers)

    def test_every_address_is_one_that_mail_systems_accept(self, crowd: list[people.Person]) -> None:
        for person in crowd:
            if person.email:
                validate_email(person.email, check_deliverability=False, test_environment=True)

    def test_everyone_can_be_reached(self, crowd: list[people.Person]) -> None:
        assert all(person.key and people.is_made_up(person.key) for person in crowd)

    def test_names_are_of_the_whole_world(self, crowd: list[people.Person]) -> None:
        names = {person.name for person in crowd}
        assert any("؀" <= letter <= "ۿ" for name in names for letter in name), "none in Arabic script"
        assert any("一" <= letter <= "鿿" for name in names for letter in name), "none in Japanese script"
        assert max(map(len, names)) > 40

    def test_some_leave_out_company_phone_or_address(self, crowd: list[people.Person]) -> None:
        def share(name: str) -> float:
            return sum(getattr(person, name) is None for person in crowd) / len(crowd)

        assert 0.05 < share("company") < 0.2
        assert 0.3 < share("phone") < 0.7
        assert 0.01 < share("email") < 0.1


class TestIsMadeUp:
    @pytest.mark.parametrize("key", ["ada@example.org", "ada@gmail.com", "+4915112345678", "olist-1@replay.example"])
    def test_it_leaves_everybody_else_alone(self, key: str) -> None:
        assert not people.is_made_up(key)


class TestFit:
    def test_it_follows_from_key_and_source_alone(self) -> None:
        first, second = (people.fit(DEMO, "demo", "a@b.example", "referral") for _ in range(2))
        assert first == second

    def test_another_seed_has_another_truth(self) -> None:
        assert people.fit(DEMO, "one", "a@b.example", None) != people.fit(DEMO, "two", "a@b.example", None)
