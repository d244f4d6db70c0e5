"""Our own store, in PostgreSQL; tables never leave this folder, the repository speaks documents."""
