"""A migration step that makes a table whose rows lie in the order of its primary key.

SQLite does so with `WITHOUT ROWID`: the trace index then is one B-tree instead of two, and the
entries of a key lie side by side. Other databases get the plain table.

A later migration that alters such a table on SQLite makes it anew without this property; such a
step has to be written by hand.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState


class CreateClusteredModel(CreateModel):
    """`CreateModel` for a clustered table."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: Any,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create the table."""
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            statement, parameters = schema_editor.table_sql(model)
            schema_editor.execute(f"{statement} WITHOUT ROWID", parameters or None)
            # What `create_model` itself does after the table; Django has no public name for it.
            indexes = schema_editor._model_indexes_sql(model)  # noqa: SLF001
            schema_editor.deferred_sql.extend(indexes)
