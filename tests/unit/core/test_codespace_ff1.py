"""Facts about the reference FF1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.codespace.ff1 import FF1

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
KEY_128 = "2B7E151628AED2A6ABF7158809CF4F3C"
KEY_192 = KEY_128 + "EF4359D8D580AA4F"
KEY_256 = KEY_192 + "7F036D6F04FC6A94"
DECIMAL_TWEAK = "39383736353433323130"
TWEAK_36 = "3737373770717273373737"
TEN = "0123456789"
NINETEEN = "0123456789abcdefghi"

# NIST SP 800-38G, FF1 samples 1 to 9: key, radix, tweak, plaintext, ciphertext.
NIST_SAMPLES = [
    (KEY_128, 10, "", TEN, "2433477484"),
    (KEY_128, 10, DECIMAL_TWEAK, TEN, "6124200773"),
    (KEY_128, 36, TWEAK_36, NINETEEN, "a9tv40mll9kdu509eum"),
    (KEY_192, 10, "", TEN, "2830668132"),
    (KEY_192, 10, DECIMAL_TWEAK, TEN, "2496655549"),
    (KEY_192, 36, TWEAK_36, NINETEEN, "xbj3kv35jrawxv32ysr"),
    (KEY_256, 10, "", TEN, "6657667009"),
    (KEY_256, 10, DECIMAL_TWEAK, TEN, "1001623463"),
    (KEY_256, 36, TWEAK_36, NINETEEN, "xs8a0azh2avyalyzuwd"),
]
SAMPLES = pytest.mark.parametrize(("key", "radix", "tweak", "plain", "cipher"), NIST_SAMPLES)


def numbers(text: str) -> list[int]:
    return [DIGITS.index(character) for character in text]


@SAMPLES
def test_nist_sample_encrypts(key: str, radix: int, tweak: str, plain: str, cipher: str) -> None:
    ff1 = FF1(key=bytes.fromhex(key), radix=radix)
    assert ff1.encrypt(numbers(plain), tweak=bytes.fromhex(tweak)) == numbers(cipher)


@SAMPLES
def test_nist_sample_decrypts(key: str, radix: int, tweak: str, plain: str, cipher: str) -> None:
    ff1 = FF1(key=bytes.fromhex(key), radix=radix)
    assert ff1.decrypt(numbers(cipher), tweak=bytes.fromhex(tweak)) == numbers(plain)


@given(data=st.data())
def test_decrypt_undoes_encrypt_for_any_radix_length_and_tweak(data: st.DataObject) -> None:
    radix = data.draw(st.integers(2, 65_536))
    digits = data.draw(st.lists(st.integers(0, radix - 1), min_size=20, max_size=60))
    tweak = data.draw(st.binary(max_size=40))
    ff1 = FF1(key=data.draw(st.binary(min_size=16, max_size=16)), radix=radix)
    assert ff1.decrypt(ff1.encrypt(digits, tweak=tweak), tweak=tweak) == digits


def test_long_halves_take_more_than_one_block_of_keystream() -> None:
    ff1 = FF1(key=bytes(16), radix=65_536)
    digits = list(range(64))
    assert ff1.decrypt(ff1.encrypt(digits)) == digits
    assert all(got != given for got, given in zip(ff1.encrypt(digits), digits, strict=True))


@pytest.mark.parametrize("radix", [-1, 0, 1, 65_537])
def test_radix_outside_the_standard_is_refused(radix: int) -> None:
    with pytest.raises(ValueError, match="radix"):
        FF1(key=bytes(16), radix=radix)


@pytest.mark.parametrize("size", [0, 15, 17, 33])
def test_key_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="key size"):
        FF1(key=bytes(size), radix=10)


@pytest.mark.parametrize(("radix", "length"), [(10, 5), (2, 19), (65_536, 1), (10, 0)])
def test_domain_below_one_million_is_refused(radix: int, length: int) -> None:
    with pytest.raises(ValueError, match="no FF1 domain"):
        FF1(key=bytes(16), radix=radix).encrypt([0] * length)


@pytest.mark.parametrize("digit", [-1, 10])
def test_digit_outside_the_radix_is_refused(digit: int) -> None:
    with pytest.raises(ValueError, match="not below the radix"):
        FF1(key=bytes(16), radix=10).decrypt([0, 0, 0, 0, 0, digit])


def test_representation_shows_no_key() -> None:
    assert repr(FF1(key=b"k" * 16, radix=10)) == "FF1(radix=10)"
