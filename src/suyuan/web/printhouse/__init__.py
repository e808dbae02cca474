"""Pages of packages for print houses: list, new, one, what came back, passwords."""
