"""/inspections/…/items: one task of the sample, with its evidence and timeline beside it."""

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.datastructures import FormData, UploadFile

from inspections.inspection import VERDICTS, Verdict
from office.handed_in import File
from office.inspecting import judge, read_photo
from office.inspection_views import InspectionView, Item
from office.reads import note_view
from office.scanning import scanned
from office.timeline import timeline
from portal.desk.bench import Errors, refused_in_place
from portal.evidence import closed, sent_to
from portal.inspecting.bench import Filled, Here, Inspecting, doer_of, text_in, view_of
from portal.reading.room import remit
from portal.rendering import language_of, page, see_other
from responsibilities.words import Refused, Words

router = APIRouter()


@router.api_route("/inspections/{inspection}/items/{item}", methods=["GET", "HEAD"])
def one(request: Request, at: Here, who: Inspecting, inspection: str, item: int) -> Response:
    return _page(request, at, who, inspection, item, FormData(), [], 200)


def _page(
    request: Request, at: Here, who: Inspecting, inspection: str, item: int, typed: FormData,
    errors: Errors, status: int,
) -> Response:  # fmt: skip
    view = view_of(request, at, who, inspection)
    shown = _item(view, item)
    found = timeline(at.db, shown.row.task.id, at.clock(), remit(at, who), language_of(request))
    if found is None:
        raise HTTPException(404)
    if request.method == "GET" and "office" not in who.roles:
        note_view(
            at.db, who.plan, "task", str(shown.row.task.id), by=who.name, now=at.clock()
        )  # fmt: skip
    files = {version.sha256 for version in found.versions}
    files |= {photo.sha256 for photo in shown.inspected.photos} if shown.inspected else set()
    return page(
        request, "inspecting/item.html", status=status, view=view, item=shown, found=found,
        verdicts=VERDICTS, typed=typed, errors=errors, closed=closed(at, files),
    )  # fmt: skip


def _item(view: InspectionView, number: int) -> Item:
    found = next((one for one in view.items if one.number == number), None)
    if found is None:
        raise HTTPException(404)
    return found


@router.post("/inspections/{inspection}/items/{item}")
def judged(
    request: Request, at: Here, who: Inspecting, inspection: str, item: int, form: Filled
) -> Response:
    view = view_of(request, at, who, inspection)
    _item(view, item)

    def act() -> Response:
        given = text_in(form, "verdict")
        if given not in list(Verdict):
            raise Refused(Words("请选择检查结论。", "Choose a verdict."))
        photos = _photos(form, at.settings.screening.clamd)
        judge(
            at.db, at.blobs, who.plan, inspection, item, Verdict(given), text_in(form, "note"),
            photos, doer=doer_of(who), now=at.clock(),
        )  # fmt: skip
        following = f"/items/{item + 1}" if item < len(view.items) else ""
        return see_other(f"/inspections/{inspection}{following}")

    def again(errors: Errors, status: int) -> Response:
        return _page(request, at, who, inspection, item, form, errors, status)

    return refused_in_place(request, act, again, "note")


def _photos(form: FormData, clamd: str) -> list[File]:
    """The photos of a form, looked at by the scanner; Refused where it finds something."""
    given = [one for one in form.getlist("photo") if isinstance(one, UploadFile) and one.filename]
    for one in given:
        scanned(clamd, one.filename or "", one.file)
        one.file.seek(0)
    return [File(one.filename or "", one.file.read()) for one in given]


@router.post("/inspections/{inspection}/items/{item}/photos/{digest}")
def opened(
    request: Request, at: Here, who: Inspecting, inspection: str, item: int, digest: str
) -> Response:
    """To a photo of the inspection; that it was opened, and by whom, is a fact."""
    shown = _item(view_of(request, at, who, inspection), item)
    photos = shown.inspected.photos if shown.inspected else ()
    photo = next((one for one in photos if one.sha256 == digest), None)
    if photo is None:
        raise HTTPException(404)
    answer = sent_to(at, digest, photo.name, who.name)
    read_photo(at.db, who.plan, shown.row.task.key, digest, by=who.name, now=at.clock())
    return answer
