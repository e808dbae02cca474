"""Stock: what is where, of which lots, and which items those are."""
