"""Pages: the back office and the consumer's page.

Owns: views, forms, templates, sentences for error codes.
Does not own: any rule; a view parses, asks one service or selector, and renders.
"""
