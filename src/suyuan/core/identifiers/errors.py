"""The one error of this package: a stable code and data, no text for people."""

_LONGEST_DATUM = 80


class IdentifierError(ValueError):
    """An identifier was refused.

    Attributes:
        code: Stable and machine-readable, such as ``gtin_check_digit``.
        data: What was given and what was expected; long values are cut, so that a hostile text
            does not travel into logs and answers.
    """

    code: str
    data: dict[str, str]

    def __init__(self, code: str, data: dict[str, str] | None = None) -> None:
        """Keep ``code`` and ``data``; both are ``args`` too, so that the error can be pickled."""
        self.code = code
        self.data = {name: _cut(str(value)) for name, value in (data or {}).items()}
        super().__init__(self.code, self.data)

    def __str__(self) -> str:
        """Return the code and the data in one line, control characters escaped."""
        return " ".join([self.code, *(f"{name}={value!r}" for name, value in self.data.items())])


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST_DATUM else value[: _LONGEST_DATUM - 1] + "…"
