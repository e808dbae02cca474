"""What labels refuse: codes and data, no text."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict


class TemplateChangedMeanwhile(Conflict):
    """Someone else saved a newer version than the one that was changed here."""

    code = "label_changed_meanwhile"


class TemplateArchived(Conflict):
    """The template was put away: it is kept for its past jobs and takes no new version."""

    code = "label_archived"


class TooManyTemplates(Conflict):
    """The organisation has as many templates as a list shows well."""

    code = "too_many_label_templates"


class TooManyLogos(Conflict):
    """The organisation has as many logos as a list shows well."""

    code = "too_many_logos"


class LogoInUse(Conflict):
    """A version of a template shows this logo, so it stays."""

    code = "logo_in_use"
