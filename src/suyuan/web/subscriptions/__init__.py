"""Pages of stored queries and subscriptions: make, watch, pause, replay."""
