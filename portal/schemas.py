"""/schemas: the plan language for editors, under an address that does not change."""

import json

from fastapi import APIRouter, Depends, Response

from portal.doors import public
from responsibilities.language.schema import json_schema

router = APIRouter(dependencies=[Depends(public)])


@router.api_route("/schemas/plan-1.schema.json", methods=["GET", "HEAD"])
def plan_schema() -> Response:
    body = json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
    return Response(body, media_type="application/schema+json")
