"""What could not be used, over HTTP: the list, one whole, and another try after it was fixed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request

from sovia.account.deps import CurrentUser
from sovia.importer import queries, retrying
from sovia.importer.problems import MAX_EXCERPT
from sovia.importer.routes.bodies import json_body
from sovia.importer.schemas import ProblemOut, ProblemsOut, RetriedOut
from sovia.kit.db import Session
from sovia.kit.settings import Settings

router = APIRouter()
# Of the database's numbers.
LARGEST = 2**63 - 1
Number = Annotated[int, Path(ge=0, le=LARGEST)]


@router.get("/api/imports/{import_id}/problems", response_model=ProblemsOut)
async def list_problems(
    import_id: UUID,
    user: CurrentUser,
    session: Session,
    after: Annotated[int, Query(ge=-1, le=LARGEST)] = -1,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> ProblemsOut:
    """What could not be used, in the order of the file."""
    await queries.import_by_id(session, user.id, import_id)
    found = await queries.problems_of(session, import_id, after=after, limit=limit)
    following = found[-1].number if len(found) == limit else None
    return ProblemsOut(problems=[ProblemOut.of(one) for one in found], next=following)


@router.get("/api/imports/{import_id}/problems/{number}", response_model=ProblemOut)
async def show_problem(import_id: UUID, number: Number, user: CurrentUser, session: Session) -> ProblemOut:
    """One problem with the whole text that was kept of it."""
    await queries.import_by_id(session, user.id, import_id)
    return ProblemOut.of(await queries.problem_by_number(session, import_id, number), most=MAX_EXCERPT)


@router.post("/api/imports/{import_id}/problems/{number}/retry", response_model=RetriedOut)
async def retry(import_id: UUID, number: Number, request: Request, user: CurrentUser, session: Session) -> RetriedOut:
    """Take in the fixed text of a record, `{"text": "..."}`, as a part of this import."""
    await queries.import_by_id(session, user.id, import_id)
    settings: Settings = request.app.state.settings
    body = await json_body(request)
    return await retrying.retry(session, user.id, import_id, number, body, settings.media_root)
