"""The interactive description of the API at /docs, from files that come with a package: nothing from other hosts."""

from pathlib import Path

import fastapi_offline_docs
from fastapi import APIRouter, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse

from sovia.kit.errors import NotFound
from sovia.kit.page import hashes_of

STATIC = Path(fastapi_offline_docs.__file__).parent / "static"
FILES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
router = APIRouter(include_in_schema=False)


class NoSuchDocsFile(NotFound):
    """The description has no such file."""

    def __init__(self) -> None:
        super().__init__("There is nothing at this address.")


@router.get("/docs")
async def docs(request: Request) -> Response:
    """The description, to read and to try out."""
    page = get_swagger_ui_html(
        openapi_url=request.app.openapi_url,
        title="8xSovia API",
        swagger_js_url="/docs/swagger-ui-bundle.js",
        swagger_css_url="/docs/swagger-ui.css",
        swagger_favicon_url="data:,",
    )
    scripts = hashes_of(bytes(page.body), b"script")
    # The description's own script sets styles at run time, which no hash can name.
    page.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return page


@router.get("/api/docs")
async def docs_at_their_other_address() -> Response:
    """Where an older release had them."""
    return Response(status_code=307, headers={"Location": "/docs"})


@router.get("/docs/{name}")
async def docs_file(name: str) -> Response:
    """A script or style of the description."""
    if name not in FILES:
        raise NoSuchDocsFile
    return FileResponse(STATIC / name, media_type=FILES[name])
