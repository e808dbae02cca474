"""What packages refuse: codes and data, no text."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict


class NothingToPackage(Conflict):
    """Every code of the order, or of the sets, is on labels already or withdrawn."""

    code = "nothing_to_package"


class PackageStateWrong(Conflict):
    """The act does not fit how far the package is."""

    code = "package_state"


class PasswordMissing(Conflict):
    """No password is agreed with this print house."""

    code = "package_password_missing"


class ReturnOutdated(Conflict):
    """Another list was applied since this one was previewed."""

    code = "return_outdated"


class ReturnEmpty(Conflict):
    """No line of the list says anything of a code in the package."""

    code = "return_nothing"
