"""The tables of recalls, by meaning."""

from suyuan.recalls.models.cases import CaseStatus, GroupKind, RecallCase, ScopeGroup

__all__ = ["CaseStatus", "GroupKind", "RecallCase", "ScopeGroup"]
