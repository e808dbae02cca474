"""The resources of the REST interface, a module for each kind."""
