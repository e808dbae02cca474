"""The form in which somebody decides on a recall, new.

Owns: what it begins with.
"""

from __future__ import annotations

import secrets

from suyuan.web.recalls.forms import OpenForm


def fresh_decision() -> OpenForm:
    """Return the empty form, with a key by which the same form sent twice is known."""
    return OpenForm(initial={"request_key": secrets.token_urlsafe(16)})
