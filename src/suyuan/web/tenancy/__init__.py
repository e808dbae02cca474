"""Pages for organisations, people, roles, tokens, the audit trail, and one's own account."""
