"""Pages of partners: the brand's, that says who delivers and sees what, and the partner's own.

Owns: the first hour of whoever connects a system: a token, a document checked, sent, read back.
"""
