"""Commands of the `suyuan` program."""
