"""What notices, answers and returns refuse: codes and data, no text."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict, NotFound


class NotApproved(Conflict):
    """Nothing is sent before the case is approved, and nothing after it has ended."""

    code = "notices_not_approved"


class NothingToSend(Conflict):
    """No notice of this selection can be sent."""

    code = "nothing_to_send"


class NoticeNotFound(NotFound):
    """No such notice in the case."""

    code = "notice_unknown"


class LinkUnknown(NotFound):
    """Not a link of ours, or of a case that is no more."""

    code = "answer_link_unknown"


class AnswersOver(Conflict):
    """The case has ended, and its contacts are forgotten."""

    code = "answers_over"


class NoticeMoved(Conflict):
    """The notice is not in a state in which this can be done to it."""

    code = "notice_moved"
