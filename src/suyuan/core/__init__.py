"""Pure Python: identifiers, code spaces, key sets, carriers, EPCIS. No Django.

Owns: formats and arithmetic that hold whatever the database or the framework.
"""
