"""Views of recalls: cases, their items, opening a new one."""
