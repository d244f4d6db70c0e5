"""What a store or a Temporal that goes away makes of a call: those who work in the background go on after it."""

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

INTERRUPTIONS = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    SQLAlchemyError,
    OSError,
    RPCError,
    RuntimeError,
)
"""A connection torn down under a query is a RuntimeError."""
