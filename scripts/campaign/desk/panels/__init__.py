"""The panels of the desk: each a function that gives its routes, and a row here."""

from __future__ import annotations

from collections.abc import Callable

from starlette.routing import Route

from campaign.desk.desk import Desk
from campaign.desk.panels import (
    as_text,
    contact_lists,
    contacts,
    corrections,
    history,
    look,
    new_texts,
    one_piece,
    photos,
    poster_pictures,
    previews,
    printing,
    publishing,
    renaming,
    sources,
    texts,
    tidying,
    today,
    translate,
    upstream,
)

# In the order of the menu.
PANELS: tuple[Callable[[Desk], list[Route]], ...] = (
    today.routes,
    contact_lists.routes,
    contacts.routes,
    corrections.routes,
    texts.routes,
    new_texts.routes,
    poster_pictures.routes,
    sources.routes,
    previews.routes,
    translate.routes,
    photos.routes,
    look.routes,
    one_piece.routes,
    printing.routes,
    publishing.routes,
    upstream.routes,
    as_text.routes,
    renaming.routes,
    tidying.routes,
    history.routes,
)
