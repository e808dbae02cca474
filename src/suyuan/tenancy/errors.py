"""What can go wrong with organisations, people, roles and tokens: codes and data."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict, Forbidden, NotFound


class SlugTaken(Conflict):
    """Another organisation has this address."""

    code = "slug_taken"


class InvitationUnknown(NotFound):
    """No such invitation, or it is not for this person."""

    code = "invitation_unknown"


class InvitationExpired(Conflict):
    """The invitation's seven days are over."""

    code = "invitation_expired"


class InvitationUsed(Conflict):
    """The invitation has been accepted before."""

    code = "invitation_used"


class AlreadyMember(Conflict):
    """The person belongs to the organisation already."""

    code = "already_member"


class LastOwner(Conflict):
    """An organisation keeps at least one owner."""

    code = "last_owner"


class OwnerMustManage(Conflict):
    """Owners keep the right to manage people, or nobody could give rights any more."""

    code = "owner_must_manage"


class BeyondRights(Forbidden):
    """Nobody hands out more than they have."""

    code = "beyond_rights"


class PrefixClaimed(Conflict):
    """Another organisation holds this company prefix."""

    code = "prefix_claimed"


class SeriesExhausted(Conflict):
    """No number of a series is left below its limit."""

    code = "series_exhausted"


class ForPartners(Forbidden):
    """Whoever speaks for a partner has no access to the organisation's own affairs."""

    code = "not_for_partners"


class SpeaksForPartner(Conflict):
    """Whoever speaks for a partner has its rights and no role of the organisation."""

    code = "speaks_for_partner"
