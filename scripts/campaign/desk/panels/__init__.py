"""The panels of the desk."""

from __future__ import annotations

from campaign.desk.panel import Panel
from campaign.desk.panels.as_text import AsText
from campaign.desk.panels.contact_lists import ContactLists
from campaign.desk.panels.contact_tables import ContactTables
from campaign.desk.panels.contacts import Contacts
from campaign.desk.panels.corrections import Corrections
from campaign.desk.panels.history import History
from campaign.desk.panels.look import Look
from campaign.desk.panels.new_texts import NewTexts
from campaign.desk.panels.one_piece import OnePiece
from campaign.desk.panels.photos import Photos
from campaign.desk.panels.poster_boxes import PosterBoxes
from campaign.desk.panels.poster_pictures import PosterPictures
from campaign.desk.panels.previews import Previews
from campaign.desk.panels.printing import Printing
from campaign.desk.panels.publishing import Publishing
from campaign.desk.panels.resizing import Resizing
from campaign.desk.panels.sources import Sources
from campaign.desk.panels.texts import Texts
from campaign.desk.panels.tidying import Tidying
from campaign.desk.panels.today import Today
from campaign.desk.panels.translate import Translate
from campaign.desk.panels.upstream import Upstreams

# In the order of the menu.
PANELS: tuple[type[Panel], ...] = (
    Today,
    ContactTables,  # before the addresses of places
    ContactLists,
    Contacts,
    Corrections,
    Texts,
    NewTexts,
    PosterPictures,
    PosterBoxes,
    Sources,
    Previews,
    Translate,
    Photos,
    Resizing,
    Look,
    OnePiece,
    Printing,
    Publishing,
    Upstreams,
    AsText,
    Tidying,
    History,
)
