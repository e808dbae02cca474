"""Look for inputs on which a parser falls, hangs or grows: `make fuzz SECONDS=600`.

Each target gets its share of the time, with a seed of its own that is printed. A finding is written
to `build/fuzz/` as the bytes that made it, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run the campaigns; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--target", action="append", default=[])
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django  # noqa: PLC0415

    django.setup()
    from tests.fuzz.campaign import run  # noqa: PLC0415
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415

    names = asked.target or list(TARGETS)
    found = 0
    folder = ROOT / "build" / "fuzz"
    for name in names:
        report = run(TARGETS[name], seed=asked.seed, seconds=asked.seconds / len(names))
        print(
            f"{name:<12} {report.runs:>9,} inputs, {report.refused / report.runs:.0%} refused, "
            f"{report.kept} kept, slowest {report.slowest * 1000:.0f} ms, "
            f"memory +{report.grown:.0f} MB, {len(report.findings)} findings (seed {asked.seed})",
            flush=True,
        )
        for data, what in report.findings:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
            path.write_bytes(data)
            print(f"  {what[:200]}: {path.relative_to(ROOT)}")
        found += len(report.findings)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
