"""What exchange refuses: codes and data, no text."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict


class PreviewOutdated(Conflict):
    """The organisation's data has changed since the preview, so it would do something else."""

    code = "preview_outdated"


class ImportHasErrors(Conflict):
    """Some rows were refused, so none is taken."""

    code = "import_has_errors"
