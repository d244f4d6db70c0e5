"""The partners' dialects and our own store: each in its folder, none known to another."""
