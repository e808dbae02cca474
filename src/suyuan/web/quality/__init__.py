"""Pages for inspection reports and complaints, and the public address of a report's file."""
