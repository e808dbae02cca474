"""Broken input for parsers: a small fuzzer that is led by the lines it reaches."""
