"""The table of sentences: one home for each code, and no module that is not looked up."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from suyuan.web import messages
from suyuan.web.messages import MESSAGES, message

_MODULES = sorted(
    path for path in Path(messages.__file__).parent.glob("*.py") if path.name != "__init__.py"
)


def _codes(path: Path) -> list[str]:
    """Return the keys of the module's table as they are written, repeated ones too."""
    return [
        key.value
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    ]


def test_no_code_stands_twice() -> None:
    written = Counter(code for path in _MODULES for code in _codes(path))
    assert [code for code, times in written.items() if times > 1] == []


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: path.stem)
def test_every_row_of_every_module_is_looked_up(path: Path) -> None:
    codes = _codes(path)
    assert codes
    assert set(codes) <= set(MESSAGES)


def test_every_sentence_takes_data_that_it_does_not_know() -> None:
    for code in MESSAGES:
        assert message(code, {"never_asked_for": 1})
