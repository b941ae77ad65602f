"""Who may enter the reading room, and what of the log is theirs to read."""

from inspections.log_query import Remit
from office.remits import remit_of
from portal.doors import Member, member
from portal.here import Portal

inspector = member("inspector", "office")


def remit(at: Portal, who: Member) -> Remit:
    """What `who` may read; every view takes it, and the database applies it."""
    return remit_of(at.db, who.plan, who.units, who.duties)


def sees_all(at: Portal, who: Member) -> bool:
    """Whether nothing is kept from them: packs and dossiers hold the whole record."""
    allowed = remit(at, who)
    return allowed.units is None and allowed.duties is None
