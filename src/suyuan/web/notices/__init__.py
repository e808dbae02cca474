"""Pages of a recall's notices: recipients, messages, answers, returns, what the public reads."""
