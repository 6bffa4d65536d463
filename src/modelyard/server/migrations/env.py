"""Alembic's entry: online migrations on the engine it is given."""

from alembic import context

from modelyard.server.tables import Base

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=False)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
