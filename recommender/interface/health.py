"""Health: a plain route that tells a probe whether the server answers, and over which index."""

from starlette.responses import JSONResponse

from recommender.index.folder import Index

HEALTH = "/health"


def health(index: Index) -> JSONResponse:
    """Answer of `/health`; it does nothing but answer, so that probes may ask often.

    Args:
        index: is served.
    """
    answer = {
        "status": "ok",
        "products": len(index.catalogue),
        "fingerprint": index.manifest.fingerprint,
        "backbone": index.manifest.backbone,
    }
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})
