"""The worker: settings, adapters, activities, workflows; the only file that sees all of it."""
