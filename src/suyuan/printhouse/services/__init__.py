"""Verbs of packages; each is one transaction with its audit row."""

from suyuan.printhouse.services.houses import agree_password, tell_password
from suyuan.printhouse.services.making import make_package
from suyuan.printhouse.services.returns import apply_return, preview_return
from suyuan.printhouse.services.states import (
    cancel_package,
    close_package,
    mark_sent,
    take_package,
    withdraw_roll,
)
from suyuan.printhouse.services.summing import sum_up

__all__ = [
    "agree_password",
    "apply_return",
    "cancel_package",
    "close_package",
    "make_package",
    "mark_sent",
    "preview_return",
    "sum_up",
    "take_package",
    "tell_password",
    "withdraw_roll",
]
