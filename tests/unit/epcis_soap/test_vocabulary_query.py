"""The query of master data by itself."""

from __future__ import annotations

from suyuan.core.epcis.vocabulary_query import name_of, read_vocabulary_query
from suyuan.core.epcis.xml.vocabularies import EPC_CLASS, READ_POINT, VocabularyElement

BASE = [("includeAttributes", "true"), ("includeChildren", "true")]
ELEMENT = VocabularyElement(
    EPC_CLASS, "https://id.gs1.org/01/06901234000016/10/L1", {"urn:a": "1"}, ("urn:c",)
)


def selects(*params: tuple[str, str | list[str]], ancestors: tuple[str, ...] = ()) -> bool:
    return read_vocabulary_query([*BASE, *params]).selects(ELEMENT, ancestors)


def test_a_query_without_conditions_selects_everything() -> None:
    assert selects()


def test_each_condition_must_hold() -> None:
    assert not selects(("vocabularyName", READ_POINT))
    assert not selects(("EQ_name", "urn:other"))
    assert not selects(("WD_name", "urn:other"))
    assert not selects(("HASATTR", ["urn:a", "urn:b"]))
    assert not selects(("EQATTR_urn:a", ["2", "3"]))
    assert selects(
        ("vocabularyName", [READ_POINT, EPC_CLASS]),
        ("EQ_name", "urn:epc:class:lgtin:6901234.000001.L1"),
        ("HASATTR", "urn:a"),
        ("EQATTR_urn:a", ["1", "2"]),
    )


def test_an_element_lies_within_itself_and_its_ancestors() -> None:
    assert selects(("WD_name", ELEMENT.id))
    assert selects(("WD_name", "urn:up"), ancestors=("urn:up",))


def test_a_name_that_is_no_uri_is_its_own_text() -> None:
    assert name_of("plain") == "plain"
