"""What is done with profiles and chips: verbs that write."""

from suyuan.nfc.services.archives import key_archive
from suyuan.nfc.services.chips import ChipRow, Encoded, import_chips
from suyuan.nfc.services.encoding import encoder_table, plain_table
from suyuan.nfc.services.profiles import (
    Settings,
    create_profile,
    new_version,
    rename_profile,
    revoke_version,
)
from suyuan.nfc.services.trying import Attempt, try_link

__all__ = [
    "Attempt",
    "ChipRow",
    "Encoded",
    "Settings",
    "create_profile",
    "encoder_table",
    "import_chips",
    "key_archive",
    "new_version",
    "plain_table",
    "rename_profile",
    "revoke_version",
    "try_link",
]
