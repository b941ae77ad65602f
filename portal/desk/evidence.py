"""Files that were handed in: pictures drawn anew, and everything as a download, never shown."""

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse

from portal.desk.bench import Here, Watcher, own_task
from storage import sandbox
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
    """The image decoded in the sandbox and drawn anew: nothing of the file itself is in it."""
    found = _piece(request, at, who, number, digest)
    with at.blobs.path(found.sha256).open("rb") as file:
        drawn = sandbox.preview(file)
    if drawn is None:
        raise HTTPException(404)
    return Response(drawn, media_type="image/jpeg")


@router.api_route("/desk/tasks/{number}/files/{digest}", methods=_READ)
def download(request: Request, at: Here, who: Watcher, number: int, digest: str) -> Response:
    """The exact bytes, to be saved: no browser opens them as a page of ours."""
    found = _piece(request, at, who, number, digest)
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'"}
    return FileResponse(
        at.blobs.path(found.sha256), filename=found.name, media_type="application/octet-stream",
        headers=headers,
    )  # fmt: skip
