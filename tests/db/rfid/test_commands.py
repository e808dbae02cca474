"""RFID on the command line: a tag's EPC is traced as its item; tags are measured."""

from __future__ import annotations

import json

import pytest

from suyuan.cli.bench import tags
from suyuan.cli.main import main
from suyuan.issuing.models import CodeOrder
from suyuan.rfid import selectors
from suyuan.rfid.models import TagRange


def test_a_tags_epc_is_traced_as_its_item(
    made: TagRange, active_order: CodeOrder, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    tag = selectors.tags(made, 3)[0]
    for text in (tag.hex, tag.epc.urn(), tag.epc.tag_urn()):
        capfdbinary.readouterr()
        assert main(("trace", text, "--org", "mingqian", "--json")) == 0
        assert json.loads(capfdbinary.readouterr().out)["identity"] == tag.item.digital_link()


def test_a_tag_whose_item_no_event_names_is_traced_too(
    made: TagRange, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    tag = selectors.tags(made, 3)[0]
    assert main(("trace", tag.hex, "--org", "mingqian", "--json")) == 0
    assert json.loads(capfdbinary.readouterr().out)["steps"] == []


def test_tags_are_measured_beside_their_baselines() -> None:
    steps: list[tuple[int, int]] = []
    rows = tags.run(count=2_000, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (6_000, 6_000)
    for row in rows:
        assert float(row["ratio"]) > 0
        assert row["baseline"]
    with pytest.raises(ValueError, match="0 tags"):
        tags.run(count=0)
