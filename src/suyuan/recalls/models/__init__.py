"""The tables of recalls, by meaning."""

from suyuan.recalls.models.cases import (
    OPEN_STATUSES,
    PUBLIC_STATUSES,
    CaseStatus,
    GroupKind,
    RecallCase,
    ScopeGroup,
)
from suyuan.recalls.models.drills import (
    Drill,
    DrillAnswer,
    DrillPlan,
    DrillSample,
    DrillStatus,
    DrillTask,
)
from suyuan.recalls.models.evidence import (
    EffectCount,
    Outcome,
    OutcomeGroup,
    ScopeVersion,
    VersionStatus,
)
from suyuan.recalls.models.notices import (
    Announcement,
    AnswerKind,
    Notice,
    NoticeChannel,
    NoticeDoor,
    NoticeState,
    NoticeTemplate,
    RecipientKind,
    ReturnScan,
)

__all__ = [
    "OPEN_STATUSES",
    "PUBLIC_STATUSES",
    "Announcement",
    "AnswerKind",
    "CaseStatus",
    "Drill",
    "DrillAnswer",
    "DrillPlan",
    "DrillSample",
    "DrillStatus",
    "DrillTask",
    "EffectCount",
    "GroupKind",
    "Notice",
    "NoticeChannel",
    "NoticeDoor",
    "NoticeState",
    "NoticeTemplate",
    "Outcome",
    "OutcomeGroup",
    "RecallCase",
    "RecipientKind",
    "ReturnScan",
    "ScopeGroup",
    "ScopeVersion",
    "VersionStatus",
]
