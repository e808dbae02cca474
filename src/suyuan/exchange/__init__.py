"""What comes from and goes to others as files.

Owns: imports with their preview, exports.
Does not own: the rules of what is imported (masterdata).
"""
