"""Pictures drawn on the server: maps, graphs, small charts, as SVG text.

Owns: projection, layout and drawing; functions of their arguments alone.
Does not own: where the data comes from, nor colours (`frontend/src/styles/_drawings.scss`).
Invariant: all text that was given is escaped; nothing carries a style attribute or a script, since
the content security policy forbids both; nothing draws a border of any country.
"""
