"""Lists, a page at a time: `?limit=` and `?cursor=`, and `next` for the rest."""

from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from adapters.store.reading import Page

Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before")]


class Listed(BaseModel, Generic[Item]):
    """A page of a list."""

    items: tuple[Item, ...]
    next: str | None = None


def listed(page: Page[Item]) -> Listed[Item]:
    """Return a page as it is answered."""
    return Listed(items=page.items, next=page.next)
