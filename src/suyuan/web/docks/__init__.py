"""Pages of readers at doors: set up, live, what they told."""
