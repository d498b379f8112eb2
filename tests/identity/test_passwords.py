from leadflow.identity.passwords import hash_password, verify_password


async def test_only_the_password_matches_its_hash() -> None:
    stored = await hash_password("correct horse battery")
    assert stored.startswith("$argon2id$")
    assert await verify_password(stored, "correct horse battery")
    assert not await verify_password(stored, "correct horse")


async def test_nobody_and_a_damaged_hash_match_nothing() -> None:
    assert not await verify_password(None, "")
    assert not await verify_password("not a hash", "")
    assert not await verify_password("", "")
