"""Partners: who is connected, what is shared with them, what they may deliver."""
