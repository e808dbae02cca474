"""The commands: each module has `configure` and `run`."""
