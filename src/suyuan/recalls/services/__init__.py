"""Verbs of recalls: look at a scope, open a case, close it.

Rights: `recall.view` to look, `recall.act` to open and to close.
"""

from suyuan.recalls.services.closing import close_recall
from suyuan.recalls.services.opening import open_recall, preview_scope

__all__ = ["close_recall", "open_recall", "preview_scope"]
