"""Files that were handed in: a ticket each, for whoever may see the task."""

from fastapi import APIRouter, HTTPException, Request, Response

from portal.desk.bench import Here, Watcher, own_task
from portal.evidence import sent_to
from storage.blobs import Evidence

router = APIRouter()
_READ = ["GET", "HEAD"]


def _piece(request: Request, at: Here, who: Watcher, number: int, digest: str) -> Evidence:
    """The file of this digest, where the task has it; 404 for any other."""
    detail = own_task(request, at, who, number)
    found = next((one for one in detail.evidence if one.sha256 == digest and one.name), None)
    if found is None:
        raise HTTPException(404)
    return found


@router.api_route("/desk/tasks/{number}/pictures/{digest}", methods=_READ)
def picture(request: Request, at: Here, who: Watcher, number: int, digest: str) -> Response:
    """To the image drawn anew: nothing of the file itself is in it."""
    found = _piece(request, at, who, number, digest)
    return sent_to(at, found.sha256, found.name, who.name, preview=True)


@router.api_route("/desk/tasks/{number}/files/{digest}", methods=_READ)
def download(request: Request, at: Here, who: Watcher, number: int, digest: str) -> Response:
    """To the exact bytes, to be saved: no browser opens them as a page of ours."""
    found = _piece(request, at, who, number, digest)
    return sent_to(at, found.sha256, found.name, who.name)
