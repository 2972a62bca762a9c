"""Report files of an evaluation: tables, charts and contact sheets in one folder.

results/
  results.json                  all figures
  results.md                    the figures as tables
  precision-by-class.png        the worst and best classes
  confusion.png                 confusion matrix
  products-{best,typical,worst}.png, photographs-{best,typical,worst}.png
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from recommender.building.thumbnails import Thumbnails
from recommender.evaluation import contact_sheets, plots, tables
from recommender.evaluation.consumer_photos import RIGHT_TYPE, Photographs
from recommender.evaluation.evaluate import Evaluation, Photos
from recommender.evaluation.feature_cache import FeatureCache
from recommender.evaluation.other_kinds import other_kinds_json
from recommender.metrics.precision import Judged
from recommender.schema import ARTICLE_TYPE, COLOUR, GENDER, roles

# Roles in the caption of a product on a contact sheet.
_CAPTION = (ARTICLE_TYPE, GENDER, COLOUR)


def report(e: Evaluation) -> str:
    """Report in Markdown: all tables."""
    held_out = e.held_out
    index, classic = e.comparisons[:2]
    copies = len(np.unique(held_out.copies[:, 0]))
    facts = {
        "Network": f"{e.cache.backbone.title}, {e.cache.precision}",
        "Products": f"{len(held_out.split.queries):,} queries, held out of an index of "
        f"{len(held_out.split.index):,} on which everything was fitted (seed {e.seed})",
        "Copies": "identical pictures of a query are not in the index; nearly identical ones, "
        f"which {copies:,} queries have, are left out of its neighbours",
        "Intervals": "95%, bootstrap over queries",
        "Seconds": ", ".join(f"{stage} {seconds:,.0f}" for stage, seconds in e.seconds.items()),
    }
    sections = {
        "Products held out of the index": tables.overview(index, classic),
        "This index": tables.details(index),
        "The classic recipe on the same network": tables.details(classic),
        "What each part contributes": tables.ablation(e.comparisons),
    }
    if e.seeds is not None:
        sections["Several seeds"] = tables.seeds(e.seeds)
    if e.robustness is not None:
        sections["Corrupted queries"] = tables.corruptions(e.robustness)
    if e.photographs is not None:
        sections["Photographs: precision by the article type shown"] = tables.photograph_summary(
            e.photographs
        )
        sections["Photographs by label"] = tables.photograph_labels(e.photographs)
    if e.reliability:
        sections["Is the similarity shown true?"] = tables.reliability(e.reliability)
    if e.non_products is not None:
        sections["Pictures that show no product"] = tables.non_products(e.non_products)
    if e.other_kinds:
        sections["First results of another category"] = tables.other_kinds(e.other_kinds)
    if e.words is not None:
        sections["Words"] = tables.words(e.words)
    if e.regions is not None:
        sections["Several garments on one picture"] = tables.regions(e.regions)
    return tables.as_markdown(f"Retrieval on {e.cache.name}", facts, sections)


def to_json(e: Evaluation) -> dict[str, Any]:
    """Figures as JSON values."""
    return {
        "name": e.cache.name,
        "backbone": e.cache.backbone.name,
        "precision": e.cache.precision,
        "queries": len(e.held_out.split.queries),
        "index": len(e.held_out.split.index),
        "seed": e.seed,
        "colour_weight": e.colour_weight,
        "near_identical_pairs": len(e.held_out.copies),
        "products": tables.to_json(e.comparisons),
        "seeds": e.seeds.to_json() if e.seeds else None,
        "robustness": e.robustness,
        "photographs": tables.to_json(e.photographs.comparisons) if e.photographs else None,
        "reliability": {name: r.to_json() for name, r in e.reliability.items()},
        "strangers": e.non_products.to_json() if e.non_products else None,
        "other_kinds": other_kinds_json(e.other_kinds),
        "words": None if e.words is None else e.words.to_json(),
        "regions": e.regions.to_json() if e.regions else None,
        "seconds": e.seconds,
    }


def write(e: Evaluation, out: Path, photos: Photos | None) -> None:
    """Writing of the folder in the module's docstring."""
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(to_json(e), indent=2, ensure_ascii=False)
    (out / "results.json").write_text(text + "\n", encoding="utf-8")
    (out / "results.md").write_text(report(e), encoding="utf-8")
    index, classic = e.comparisons[:2]
    if index.judged:
        held_out, label = e.held_out, next(iter(index.judged))
        own, classes = index.judged[label], held_out.classes[label]
        chart = plots.draw_precision_by_class(own, classic.judged[label], classes, label)
        plots.save(chart, out / "precision-by-class.png")
        known = held_out.labels[label][1]
        chart = plots.draw_confusion(own, e.neighbours, known, classes, label)
        plots.save(chart, out / "confusion.png")
        _product_sheets(e, label, out)
    if e.photographs is not None and photos is not None:
        _photograph_sheets(e, e.photographs, photos, out)


def _product_sheets(e: Evaluation, label: str, out: Path) -> None:
    """Contact sheets by the precision of the first label plus that of the joint label."""
    split, judged = e.held_out.split, e.comparisons[0].judged
    together = next((name for name in reversed(judged) if name.startswith(f"{label},")), label)
    first, last = (_by_query(judged[name], len(split.queries)) for name in (label, together))
    rows = np.flatnonzero(~np.isnan(first + last))
    right = np.zeros(e.neighbours.shape, bool)
    right[judged[label].rows] = judged[label].right
    query, item = _products(e.cache, split.queries), _products(e.cache, split.index)
    for name, chosen in contact_sheets.choose((first + last)[rows], e.seed).items():
        footer = f"{name} queries; right and wrong by {label}"
        sheet = contact_sheets.draw_neighbours(
            rows[chosen], e.neighbours, right, query, item, footer
        )
        sheet.save(out / f"products-{name}.png")


def _by_query(judged: Judged, queries: int) -> np.ndarray:
    """Precision at 5 of each query, (queries,) float64; NaN where its label is unknown."""
    precision = np.full(queries, np.nan)
    precision[judged.rows] = judged.precision()
    return precision


def _photograph_sheets(e: Evaluation, found: Photographs, photos: Photos, out: Path) -> None:
    judged = found.comparisons[0].judged[RIGHT_TYPE]
    labels = photos.cache.products.attributes[photos.mapping.column]
    pictures = Thumbnails(photos.cache.products.rows)

    def picture(row: int) -> Image.Image:
        return pictures.picture(int(found.positions[row]))

    def describe(row: int) -> tuple[str, str]:
        return str(labels[found.positions[row]]), "photograph"

    item = _products(e.cache, e.held_out.split.index)
    for name, chosen in contact_sheets.choose(judged.precision(), e.seed).items():
        sheet = contact_sheets.draw_neighbours(
            chosen, found.neighbours, judged.right, (picture, describe), item, f"{name} photographs"
        )
        sheet.save(out / f"photographs-{name}.png")


def _products(
    cache: FeatureCache, rows: np.ndarray
) -> tuple[contact_sheets.Picture, contact_sheets.Describe]:
    """Picture and description of products, by position in `rows`."""
    products = cache.products
    pictures = Thumbnails(products.rows)
    known = roles(products.attributes)
    columns = [products.attributes[known[role]] for role in _CAPTION if role in known]

    def picture(position: int) -> Image.Image:
        return pictures.picture(int(rows[position]))

    def describe(position: int) -> tuple[str, str]:
        row = int(rows[position])
        return products.names[row], ", ".join(str(c[row]) for c in columns if c[row])

    return picture, describe
