"""Health: a plain route that tells a probe whether the server answers, and over which index."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from recommender.index.folder import Index

HEALTH = "/health"


def health_route(index: Index) -> Route:
    """The route `/health`; it does nothing but answer, so that probes may ask often.

    Args:
        index: is served.
    """
    answer = {
        "status": "ok",
        "products": len(index.catalogue),
        "fingerprint": index.manifest.fingerprint,
        "backbone": index.manifest.backbone,
    }

    def health(_: Request) -> JSONResponse:
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    return Route(HEALTH, health)
