"""How suppliers do: what came of their material lots, and how good their data is.

Owns: the scorecards and the facts behind them; nothing is stored.
Does not own: intervals (core.intervals), complaints and reports (quality), recall cases (recalls).

A rate comes with its sample size and its interval, and beside the rate of all suppliers together.
Suppliers are not ranked: with few lots, the first and the last may differ by chance alone.
"""
