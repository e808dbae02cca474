"""Views of notices: the case's recipients, single ones, returns, templates, public pages."""
