"""Registration of the API's functions with Gradio, under the names of the contract."""

import functools
import inspect
import os
import re
from collections.abc import Callable
from typing import Any

import gradio as gr

from recommender.answers.arguments import DEFAULT_K
from recommender.interface.api.catalogue import PAGE_SIZE, CatalogueEndpoints
from recommender.interface.api.pictures import PictureEndpoints
from recommender.interface.api.queries import QueryEndpoints
from recommender.interface.api.search import SearchEndpoints
from recommender.interface.api_types import FiltersInput, ItemsInput, ShortText
from recommender.interface.errors import in_sentences
from recommender.interface.limits import check_sizes
from recommender.interface.uploads import AnswerPicture, QueryPicture

# Searches that run at once. A search keeps a core busy from end to end: with four at once on two
# cores, 16 visitors got an answer less of thirty a second, and waited longer for it.
CONCURRENT_SEARCHES = max(2, len(os.sched_getaffinity(0)))
SEARCH: dict[str, Any] = {"concurrency_limit": CONCURRENT_SEARCHES, "concurrency_id": "search"}


def register(
    searches: SearchEndpoints,
    queries: QueryEndpoints,
    catalogue: CatalogueEndpoints,
    pictures: PictureEndpoints,
) -> None:
    """Add the endpoints to the Blocks being built; nothing of it shows on the page."""
    with gr.Row(visible=False):
        image = QueryPicture(type="filepath", label="Picture")
        item_id = ShortText(label="Product id")
        query_id = ShortText(label="Id of the product to search with")
        k = gr.Number(DEFAULT_K, label="Number of results")
        filters = FiltersInput({}, label="Filters")
        weight = gr.Number(None, label="Weight of colour")
        same = gr.Checkbox(False, label="Include the same picture")
        least = gr.Number(0, label="Least similarity")
        offset = gr.Number(0, label="Results to pass over")
        text = ShortText(None, label="Words")
        region = gr.Number(None, label="Region of the picture, from 1")
        items = ItemsInput(label="Products and their weights")
        page = gr.Number(1, label="Page")
        page_size = gr.Number(PAGE_SIZE, label="Products a page")
        picture = AnswerPicture(format="jpeg", label="Picture")
        other_picture = AnswerPicture(format="jpeg", label="Picture of the product")
        gallery = gr.Gallery(label="Gallery")
        results = gr.JSON(label="Results")
        notice = gr.Textbox(label="Notice")
        total = gr.Number(label="Products in all")
        caller = gr.Button()
    found = [gallery, results, notice]
    # Parameters that are new come last, so that calls by place stay as they are.
    page_of_results = [least, offset]
    further = [*page_of_results, text]

    def add(name: str, function: Callable[..., Any], inputs: list, outputs: list) -> None:
        caller.click(_documented(function), inputs, outputs, api_name=name, **SEARCH)

    bounds = [k, filters, weight]
    add("recommend", searches.recommend, [image, *bounds, same, *further, region], found)
    add("regions", queries.regions, [image], [results])
    add("similar", searches.similar, [item_id, *bounds, *further], found)
    add("mix", searches.mix, [items, *bounds, *further], found)
    add("embed", queries.embed, [image, weight, text], [results])
    add("search_words", searches.search_words, [text, *bounds, *page_of_results], found)
    add("understand", queries.understand, [text], [results])
    add("item", catalogue.item, [item_id], [picture, results])
    add("browse", catalogue.browse, [filters, page, page_size], [gallery, results, total])
    either = [image, query_id]
    explanation = [picture, other_picture, results]
    add("explain", pictures.explain, [item_id, *either], explanation)
    add("map_position", pictures.map_position, either, [results])
    add("complete_look", pictures.complete_look, [item_id], [results, notice])
    sheet = [*either, *bounds, *page_of_results]
    add("result_sheet", pictures.result_sheet, sheet, [picture])
    gr.api(_documented(catalogue.catalog), api_name="catalog")


def _documented(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function within its limits, failing in sentences, its arguments' words on one line."""
    wrapped = in_sentences(_limited(function))
    wrapped.__doc__ = re.sub(r"\n {8,}", " ", inspect.getdoc(function) or "")
    return wrapped


def _limited(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which is called only with arguments of a sensible size."""
    signature = inspect.signature(function)

    @functools.wraps(function)
    def limited(*args: Any, **kwargs: Any) -> Any:
        check_sizes(signature.bind(*args, **kwargs).arguments)
        return function(*args, **kwargs)

    return limited
