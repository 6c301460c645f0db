"""Encrypted texts: bound to their place and to a key of the ring (T71)."""

import base64
import os

import pytest

from foundation import encryption
from foundation.encryption import NONCE_BYTES, CiphertextDamaged, decrypt, encrypt


@pytest.fixture
def ring(settings):
    """`ring("new", "old")`: the newest key first."""
    keys = {name: base64.b64encode(os.urandom(32)).decode() for name in ("old", "new")}

    def use(*names):
        settings.FIELD_KEYS = [f"{name}:{keys[name]}" for name in names]
        encryption._ring.cache_clear()

    yield use
    encryption._ring.cache_clear()


@pytest.mark.parametrize("text", ["", "4015 123456", "Ёлкина «О’Нил»", "ж" * 10_000, "a:b:c"])
def test_a_text_comes_back_as_it_was(text):
    sealed = encrypt(text, context="t.c")
    assert decrypt(sealed, context="t.c") == text
    assert encrypt(text, context="t.c") != sealed, "the same text is never the same ciphertext"


def test_the_newest_key_encrypts_and_those_before_still_decrypt(ring):
    ring("old")
    before = encrypt("4015 123456", context="t.c")
    ring("new", "old")
    after = encrypt("4015 123456", context="t.c")
    assert [sealed.partition(":")[0] for sealed in (before, after)] == ["old", "new"]
    assert [decrypt(sealed, context="t.c") for sealed in (before, after)] == ["4015 123456"] * 2


def test_a_key_that_left_the_ring_takes_its_texts_along(ring):
    ring("old")
    sealed = encrypt("4015 123456", context="t.c")
    ring("new")
    with pytest.raises(CiphertextDamaged, match=r"t\.c"):
        decrypt(sealed, context="t.c")


def test_a_text_is_not_good_under_the_name_of_another_key(ring):
    ring("old", "new")
    _name, _colon, payload = encrypt("4015 123456", context="t.c").partition(":")
    with pytest.raises(CiphertextDamaged):
        decrypt(f"new:{payload}", context="t.c")


def test_the_nonce_stands_before_the_ciphertext():
    payload = base64.b64decode(encrypt("", context="t.c").partition(":")[2])
    assert len(payload) == NONCE_BYTES + 16


@pytest.mark.parametrize("stored", ["", "k1", "k1:", "k1:?", "k1:AAAA", "nobody:AAAA", ":"])
def test_what_is_no_ciphertext_is_damaged(stored):
    with pytest.raises(CiphertextDamaged):
        decrypt(stored, context="t.c")


def test_a_flipped_byte_is_refused():
    sealed = encrypt("4015 123456", context="t.c")
    assert decrypt(sealed, context="t.c") == "4015 123456"
    with pytest.raises(CiphertextDamaged):
        decrypt(sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:], context="t.c")
    with pytest.raises(CiphertextDamaged):
        decrypt(sealed, context="t.other")
