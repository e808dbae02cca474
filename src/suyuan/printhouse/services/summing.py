"""Sum a package's file up: how large it is, and its SHA-256."""

from __future__ import annotations

import hashlib

from suyuan.kernel import clock
from suyuan.printhouse import contents, selectors
from suyuan.printhouse.models import Package, PackageState


def sum_up(organisation_id: int, number: str) -> None:
    """Make a package's file once, keep what it sums up to, and call it prepared.

    Holds no transaction while it does; begun again after it was broken off, it begins anew.

    Raises:
        NotFound: no such package.
    """
    package = selectors.get_package(organisation_id, number)
    if package.state != PackageState.PREPARING:
        return
    digest, size = hashlib.sha256(), 0
    for piece in contents.archive(package):
        digest.update(piece)
        size += len(piece)
    rows = Package.objects.filter(organisation_id=organisation_id, id=package.id)
    rows.filter(state=PackageState.PREPARING).update(
        state=PackageState.PREPARED,
        bytes=size,
        sha256=digest.hexdigest(),
        prepared_at=clock.now(),
    )
