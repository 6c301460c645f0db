import pytest

from foundation.encryption import CiphertextDamaged, decrypt, encrypt


def test_a_flipped_byte_is_refused():
    sealed = encrypt("4015 123456", context="t.c")
    assert decrypt(sealed, context="t.c") == "4015 123456"
    with pytest.raises(CiphertextDamaged):
        decrypt(sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:], context="t.c")
    with pytest.raises(CiphertextDamaged):
        decrypt(sealed, context="t.other")
