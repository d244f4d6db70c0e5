"""Exception cases that no lifecycle owns: about events, transmissions and our own documents."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.tables import ExceptionCaseRow
from adapters.store.text import storable
from domain.exception_case import ExceptionCase
from domain.identifiers import EventKey


async def open_case(connection: AsyncConnection, case: ExceptionCase, event: EventKey | None = None) -> None:
    """Open a case in the caller's transaction; one a person had closed is opened anew: it has happened again.

    `event` is the event that is dispatched again when a person decides so.
    """
    values = {
        "kind": case.kind.value,
        "owner": case.owner,
        "facility": case.facility,
        "supplier": case.supplier,
        "event": event,
        "opened_at": case.opened_at,
        "is_open": True,
        "document": case.model_copy(update={"summary": storable(case.summary)}).model_dump(mode="json"),
    }
    row = insert(ExceptionCaseRow).values(id=case.id, **values)
    await connection.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))
