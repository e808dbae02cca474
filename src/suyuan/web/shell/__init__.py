"""The shell: navigation, home, search, language, errors, health.

Owns: what is around and between the domains' screens.
Does not own: any domain's screen.
"""
