"""Label templates, logos, and what a design may hold.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "label_changed_meanwhile": _(
        "Version %(latest)s of this label was saved meanwhile; you began with version %(base)s."
    ),
    "label_archived": _("Label %(number)s is put away. Take it out again to change it."),
    "too_many_label_templates": _("There are %(most)s labels already. Put some away first."),
    "too_many_logos": _("There are %(most)s logos already. Remove some first."),
    "logo_in_use": _("The label %(name)s (%(number)s) shows this logo, so it stays."),
    "label_picture_unknown": _("Choose one of your logos."),
    "design_malformed": _("This is no label that can be read. %(reason)s"),
    "design_too_large": _("The label's description is longer than %(most)s bytes."),
    "design_measure": _("Enter a number from %(least)s to %(most)s."),
    "too_many_elements": _("A label has at most %(most)s elements."),
    "too_many_codes": _("A label has at most %(most)s codes."),
    "outside_label": _("It reaches beyond the label's edge."),
    "code_too_small": _("A code of this kind needs at least %(least)s mm."),
    "code_content": _("This kind of code cannot bear that."),
    "text_too_long": _("At most %(most)s characters; this text has %(length)s."),
    "text_control": _("The text has a sign without a picture (%(character)s). Type it again."),
    "placeholder_unknown": _("There is no value called “%(given)s”. Choose one from the list."),
    "placeholder_malformed": _(
        "A brace stands alone. For a brace on the label itself write it twice: {{ or }}."
    ),
    "picture_digest": _("Choose a logo."),
    "paper_measure": _("Enter a number from %(least)s to %(most)s."),
    "paper_overflow": _(
        "The labels need %(needed)s mm, the sheet has %(there)s mm. Take fewer or smaller gaps."
    ),
    "paper_start": _("The sheet has %(most)s places before its last one."),
    "label_values": _("These values of a label cannot be read: %(reason)s"),
    "label_value_missing": _("The label asks for a value that is not there: %(value)s."),
    "label_code_text": _("What the code is to bear does not fit into this kind of code."),
    "label_code_too_small": _("A code on the label is too small: it needs %(least)s mm."),
    "picture_missing": _("A logo of the label is not there any more."),
    "font_missing": _("The server has no Chinese font. Ask the operator for %(packages)s."),
    "font_unusable": _("The font of the installation cannot be used. Ask the operator."),
}
