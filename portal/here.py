"""What every page needs: the installation and the present instant."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from sqlalchemy import Engine

from office.settings import Settings
from storage.blobs import Blobs


@dataclass(frozen=True, slots=True)
class Portal:
    """One installation's portal; `clock` gives the present instant."""

    settings: Settings
    db: Engine
    blobs: Blobs
    clock: Callable[[], datetime]


def here(request: Request) -> Portal:
    """The portal that `request` came to: `at: Annotated[Portal, Depends(here)]`."""
    portal: Portal = request.app.state.portal
    return portal
