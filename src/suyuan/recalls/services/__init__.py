"""Verbs of recalls: look at a scope, propose a case, decide on it, widen it, count it, close it.

Rights: `recall.view` to look, `recall.act` for everything else; approving asks for a second person.
"""

from suyuan.recalls.services.closing import close_recall
from suyuan.recalls.services.counting import count_effect, give_up, give_up_items
from suyuan.recalls.services.deciding import approve_recall, reject_recall, withdraw_recall
from suyuan.recalls.services.opening import open_recall, preview_scope
from suyuan.recalls.services.widening import Difference, look_again, take_up

__all__ = [
    "Difference",
    "approve_recall",
    "close_recall",
    "count_effect",
    "give_up",
    "give_up_items",
    "look_again",
    "open_recall",
    "preview_scope",
    "reject_recall",
    "take_up",
    "withdraw_recall",
]
