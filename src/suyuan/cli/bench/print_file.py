"""How fast the encrypted file of a print-house package is written, and in how much memory.

The package is made as its page makes it, and its file written to disk from its row: serials,
links, sums, encryption. The baselines write the same table with Python's `csv` module, first as it
is, then into an archive of `pyzipper`.
"""

from __future__ import annotations

import csv
import io
import resource
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from suyuan.cli.bench.ground import Progress, make_brand

if TYPE_CHECKING:
    from suyuan.printhouse.models import Package

_LINES: Final = 10_000_000
_BASELINE_LINES: Final = 500_000
_ROLL: Final = 5_000
_PASSWORD: Final = b"a password of the benchmark"

type Figure = dict[str, str | int | float]


def run(*, items: int = _LINES, progress: Progress | None = None) -> list[Figure]:
    """Measure lines a second of a package of `items` codes, beside two baselines."""
    from suyuan.printhouse import contents  # noqa: PLC0415

    package = _package(items)
    with tempfile.TemporaryDirectory(prefix="suyuan-bench-") as folder:
        path = Path(folder) / "package.zip"
        # A first piece loads what is loaded once; what comes after should add nothing.
        next(iter(contents.archive(package)))
        before = _peak()
        rate, size = _written(path, _counted(contents.archive(package), progress, items), items)
        after = _peak()
        few = min(items, _BASELINE_LINES)
        plain, _ = _written(path, _csv(package, few), few)
        packed = _pyzipper(path, package, few)
    told: Figure = {"unit": "lines/s", "rate": rate, "lines": items, "bytes": size}
    memory: Figure = {"peak_mib_before": before, "peak_mib_after": after}
    return [
        {
            "figure": f"print-house package of {items:,} codes",
            **told,
            **memory,
            "baseline": f"csv module into pyzipper, {few:,} lines",
            "baseline_rate": packed,
            "ratio": rate / packed,
        },
        {
            "figure": "the same",
            **told,
            "baseline": f"csv module, nothing encrypted, {few:,} lines",
            "baseline_rate": plain,
            "ratio": rate / plain,
        },
    ]


def _package(items: int) -> Package:
    from suyuan.issuing.services import order_codes  # noqa: PLC0415
    from suyuan.masterdata.services import create_party  # noqa: PLC0415
    from suyuan.printhouse.services import make_package  # noqa: PLC0415
    from suyuan.printhouse.values import Wanted  # noqa: PLC0415

    brand = make_brand()
    create_party(actor=brand.actor, code="PRINT", name_zh="印刷厂", kind="printer")
    order = order_codes(actor=brand.actor, gtin=brand.gtin, count=items)
    wanted = Wanted(order_number=order.number, party_code="PRINT", roll_size=_ROLL)
    return make_package(actor=brand.actor, wanted=wanted).package


def _peak() -> float:
    """Return the most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _written(path: Path, pieces: Iterable[bytes | memoryview], lines: int) -> tuple[float, int]:
    """Write pieces to a file; return lines a second, and the file's size."""
    begin = time.perf_counter()
    with path.open("wb", buffering=0) as file:
        for piece in pieces:
            file.write(piece)
    return lines / (time.perf_counter() - begin), path.stat().st_size


def _counted(
    pieces: Iterator[bytes | memoryview], progress: Progress | None, items: int
) -> Iterator[bytes | memoryview]:
    done, told = 0, 0
    for piece in pieces:
        yield piece
        done += len(piece)
        if progress is not None and done > told:
            told = done + (64 << 20)
            progress(min(done // 90, items), items)


def _csv(package: Package, lines: int) -> Iterator[bytes]:
    """Yield the table as the `csv` module writes it, row by row."""
    from suyuan.issuing.selectors import serials  # noqa: PLC0415

    stem = f"{package.facts['base_url']}/01/{package.facts['gtin']}/21/"
    for at in range(0, lines, 65_536):
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        some = serials(package.order, first=at, count=min(65_536, lines - at))
        for sequence, serial in enumerate(some, at + 1):
            writer.writerow(((sequence - 1) // _ROLL + 1, sequence, serial, stem + serial))
        yield text.getvalue().encode()


def _pyzipper(path: Path, package: Package, lines: int) -> float:
    import pyzipper  # noqa: PLC0415

    begin = time.perf_counter()
    kinds = {"compression": pyzipper.ZIP_STORED, "encryption": pyzipper.WZ_AES}
    with pyzipper.AESZipFile(path, "w", **kinds) as archive:
        archive.setpassword(_PASSWORD)
        with archive.open("codes.csv", "w") as member:
            for block in _csv(package, lines):
                member.write(block)
    return lines / (time.perf_counter() - begin)
