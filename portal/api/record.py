"""The record: facts in their order, and the head that was signed last."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from office import ledger
from office.seal import last_sealed
from portal.api.bearers import At, Reader, covers
from portal.api.shapes import MOST, CheckpointShape, FactPage, of_fact
from responsibilities.tasks import Fact
from storage.api_tokens import ApiToken

router = APIRouter(tags=["record"])


@router.get("/facts")
def facts(
    at: At, token: Reader, since: Annotated[int, Query(ge=0, le=MOST)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
) -> FactPage:  # fmt: skip
    """The facts behind `since`, oldest first; `next` of one page is `since` of the following.

    A token limited to a plan or unit sees the facts about its tasks; a page may then be empty
    though there are further ones: go on until `next` stays as it is.
    """
    found = ledger.list_facts(at.db, since, limit)
    seen = [of_fact(fact) for fact in found if _within(token, fact)]
    return FactPage(facts=seen, next=found[-1].seq if found else since)


def _within(token: ApiToken, fact: Fact) -> bool:
    if not token.plan:
        return True
    plan, _, rest = (fact.task or "").partition("/")
    return covers(token, plan, rest.rpartition("/")[2])


@router.get("/checkpoint")
def checkpoint(at: At, token: Reader) -> CheckpointShape:
    """The head that was signed last, and the signed note that a program can check by itself."""
    kept = last_sealed(at.db)
    if kept is None:
        raise HTTPException(404)
    head = kept.signed.checkpoint
    return CheckpointShape(
        origin=head.origin, size=head.size, root=head.root.hex(), note=kept.signed.note().decode()
    )
