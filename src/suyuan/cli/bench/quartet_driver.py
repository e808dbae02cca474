"""Capture documents with QU4RTET: run by the Python of an environment that has it, not by ours.

Owns: the peer's settings and its parsers' calls. Reads one JSON object from its input: `database`
(Django's settings of it), `documents` (files) and `strict`; writes the seconds of the document that
was parsed and stored quickest. `strict` takes the parser that QU4RTET ships as its default, which
looks at what items may do; otherwise the one that only stores.
"""

from __future__ import annotations

import io
import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any


def main() -> None:
    """Capture the documents; the first one warms up."""
    order: dict[str, Any] = json.load(sys.stdin)
    import django  # noqa: PLC0415 - the peer's
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    settings.configure(
        SECRET_KEY="a peer keeps no secrets",  # noqa: S106 - there is none
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **order["database"]}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "quartet_capture",
            "quartet_epcis",
        ],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    )
    django.setup()
    call_command("migrate", verbosity=0)
    parser = _parser(strict=order["strict"])
    first, *rest = [Path(name).read_bytes() for name in order["documents"]]
    parser(io.BytesIO(first)).parse()
    seconds = []
    for body in rest:
        begin = time.perf_counter()
        parser(io.BytesIO(body)).parse()
        seconds.append(time.perf_counter() - begin)
    sys.stdout.write(f"{min(seconds)}\n")


def _parser(*, strict: bool) -> Any:
    if strict:
        return import_module("quartet_epcis.parsing.context_parser").BusinessEPCISParser
    return import_module("quartet_epcis.parsing.parser").QuartetParser


if __name__ == "__main__":
    main()
