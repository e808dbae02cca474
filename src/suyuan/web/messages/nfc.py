"""Key profiles, chips, their layouts and links.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "nfc_link_to": _("Choose where the link leads."),
    "nfc_key_hex": _("A key has 32 hexadecimal digits."),
    "nfc_key_published": _(
        "This key is published or a factory’s: anybody can make chips with it. Mark the profile as"
        " for tests, or enter another key."
    ),
    "nfc_system": _("A system identifier has 1 to %(most)s bytes, two hexadecimal digits each."),
    "nfc_too_many_versions": _(
        "There are %(most)s versions of keys in use. Revoke those that no chip has any more."
    ),
    "nfc_profile_name_taken": _("Another profile is called “%(name)s”."),
    "nfc_version_revoked": _("The keys of version %(version)s are revoked."),
    "nfc_changed_meanwhile": _("Somebody else has just set new keys. Look at them first."),
    "nfc_no_rows": _("There are no chips in it."),
    "nfc_chip_twice": _("This chip stands in row %(first)s already."),
    "nfc_chip_other_profile": _("The chip %(uid)s belongs to another key profile."),
    "nfc_passphrase_short": _("Use at least %(least)s characters."),
    "nfc_uid_line": _("Line %(line)s is no UID of 14 hexadecimal digits: “%(given)s”."),
    "nfc_link_unread": _("This is no link with parameters."),
    "nfc_range": _("The order has no such items: check the first number and how many."),
    "nfc_plain_chip": _("Choose one of the chips."),
    "slot_number": _("A chip has the slots 0 to 4."),
    "slots_alike": _("The master key needs a slot of its own."),
    "layout_name": _(
        "A parameter’s name has 1 to 16 letters, digits or underscores; lang, linkType and code are"
        " taken."
    ),
    "layout_names_alike": _("Two parameters have the same name."),
    "layout_file_bytes": _("The chip has room for 16, 32, 48 or 64 characters."),
    "layout_file_uncovered": _("The signature must cover the file data."),
    "layout_no_file": _("There is no file data to begin at."),
    "layout_seal_no_file": _("There is no file data to hold the state of the seal."),
    "layout_seal_uncovered": _("The signature must cover the state of the seal."),
    "layout_bulk": _("Only encrypted data can stand in one parameter."),
    "link_not_web": _("Chips are written with links of the web."),
    "link_characters": _("The link has characters that a chip cannot bear."),
    "link_too_long": _("The link needs %(bytes)s bytes; the chip has %(most)s."),
    "content_too_long": _("The file data has room for %(most)s characters."),
}
