"""Importing over HTTP: imports and what is asked of them, uploads in pieces, small imports, lists of files."""

from fastapi import APIRouter

from sovia.importer.routes import folders, imports, pieces, problems, small

router = APIRouter(tags=["import"])
for part in (imports, problems, pieces, folders, small):
    router.include_router(part.router)
