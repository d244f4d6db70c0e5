"""The steps that touch the world: one class per port, one repeatable method per business step."""
