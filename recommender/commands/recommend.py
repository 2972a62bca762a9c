"""Command-line search: the products most similar to pictures, or to words.

Examples:
    python scripts/recommend.py photo.jpg
    python scripts/recommend.py photo.jpg other.heic --index index -k 10 --filter gender=Women
    python scripts/recommend.py photo.jpg --filter price=..50 --min-similarity 0.5 --offset 5
    python scripts/recommend.py --text "red summer dress"
    python scripts/recommend.py photo.jpg --text "in green, for men"
    python scripts/recommend.py photo.jpg --index me/my-index --json --save sheet.png
"""

import argparse
import json
import logging
import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from recommender import commandline
from recommender.answers.arguments import DEFAULT_K
from recommender.answers.contact_sheet import Tile, draw_contact_sheet
from recommender.answers.recommendation import Answer, EmptyReason, Recommendation
from recommender.answers.recommender import Recommender
from recommender.commandline import show
from recommender.errors import PictureError, SettingsError
from recommender.index.filters import MAX, MIN, Wanted
from recommender.pictures.decoding import open_picture
from recommender.settings import Settings, read_settings
from recommender.startup import load_index

_log = logging.getLogger(__name__)

_NAME_WIDTH = 48
# Why there are no results, with the names of the options.
_NOTHING = {
    EmptyReason.PASSED_OVER: (
        "There are no results after those that --offset passes over. Lower it."
    ),
    EmptyReason.NOT_AS_SIMILAR: "No product is as similar as that. Lower --min-similarity.",
    EmptyReason.NONE_PASSES: "No product passes these filters. Leave one of them out.",
}


def main() -> None:
    arguments = parser().parse_args()
    recommender = Recommender(load_index(settings(arguments.index)).index)
    filters = parse_filters(arguments.filter, recommender.catalogue.numbers)
    recommender.check(
        arguments.k, filters, arguments.colour, arguments.min_similarity, arguments.offset
    )
    answers: dict[str, Answer] = {}
    failed = False
    if not arguments.images and arguments.text is None:
        otherwise = ", or words with --text" if recommender.words.available else ""
        raise SettingsError(f"Give a picture to search with{otherwise}.")
    asked = arguments.images or [arguments.text]
    for image in asked:
        try:
            answers[image] = recommender.recommend(
                image if arguments.images else None,
                arguments.k,
                filters,
                colour_weight=arguments.colour,
                include_same=arguments.include_same,
                min_similarity=arguments.min_similarity,
                offset=arguments.offset,
                text=arguments.text,
            )
        except PictureError as error:
            _log.info(f"{image}: {error}")
            failed = True
            continue
        if not arguments.json:
            print_table(image, answers[image], recommender)
    if arguments.json:
        found = {image: answer.to_json() for image, answer in answers.items()}
        only = next(iter(found.values())) if len(asked) == 1 and found else found
        print(json.dumps(only, indent=2, ensure_ascii=False))
    if arguments.save and answers:
        save_contact_sheet(arguments.save, answers, recommender)
    if failed:
        sys.exit(commandline.FAILED)


def settings(index: str | None) -> Settings:
    """Settings of the environment, with the index of the command line."""
    chosen = read_settings()
    if index is None:
        return chosen
    if Path(index).is_dir() or not is_repository(index):
        return replace(chosen, index_dir=Path(index), index_repo_id=None)
    return replace(chosen, index_dir=None, index_repo_id=index)


def is_repository(index: str) -> bool:
    """Whether a name has the form OWNER/REPO."""
    return index.count("/") == 1 and not index.startswith((".", "/")) and not index.endswith("/")


def parse_filters(pairs: Sequence[str], numbers: Collection[str] = ()) -> dict[str, Wanted]:
    """Filters from "attribute=value" and "number=min..max".

    Args:
        pairs: of the command line; a repeated attribute accepts any of its values.
        numbers: names of the catalogue's numbers, which are filtered by ranges.

    Raises:
        SettingsError: there is no equals sign, or a range is none.
    """
    values: dict[str, list[str]] = {}
    ranges: dict[str, Wanted] = {}
    for pair in pairs:
        attribute, equals, value = (part.strip() for part in pair.partition("="))
        if not equals:
            raise SettingsError(
                f"--filter takes attribute=value, such as gender=Women; got {pair!r}."
            )
        if attribute in numbers:
            ranges[attribute] = parse_range(attribute, value)
        else:
            values.setdefault(attribute, []).append(value)
    return {**values, **ranges}


def parse_range(name: str, text: str) -> dict[str, float]:
    """A range from "min..max", of which either may be left out.

    Raises:
        SettingsError: it is none.
    """
    low, dots, high = text.partition("..")
    try:
        if not dots or high.startswith("."):
            raise ValueError
        return {end: float(part) for end, part in ((MIN, low), (MAX, high)) if part.strip()}
    except ValueError:
        raise SettingsError(
            f"--filter {name} takes a range such as {name}=10..50, {name}=10.. or {name}=..50; "
            f"got {text!r}."
        ) from None


def print_table(image: str, answer: Answer, recommender: Recommender) -> None:
    """Print the results for one picture, or why there are none."""
    results = answer.results
    show(f"\n{image}")
    if answer.notice:
        show(f"  {answer.notice}")
    if answer.in_catalogue is not None:
        catalogue, position = recommender.catalogue, answer.in_catalogue
        show(f"  This is in the catalogue: {catalogue.name(position)} ({catalogue.ids[position]})")
    if answer.nothing is not None:
        show(f"  {_NOTHING[answer.nothing]}")
        return
    width = min(_NAME_WIDTH, max(len(result.name) for result in results))
    ids = max(len(result.id) for result in results)
    for r in results:
        name = r.name if len(r.name) <= width else f"{r.name[: width - 1]}…"
        facts = ", ".join(words for words in (price_words(r), *r.attributes.values()) if words)
        show(f"  {r.rank:>3}  {r.similarity:>4.0%}  {r.id:<{ids}}  {name:<{width}}  {facts}")


def price_words(result: Recommendation) -> str:
    """What a product costs, the reduced price where there is one; empty where it is unknown."""
    price = result.price if result.sale_price is None else result.sale_price
    return "" if price is None else f"{price:,.2f} {result.currency or ''}".rstrip()


def save_contact_sheet(path: Path, answers: dict[str, Answer], recommender: Recommender) -> None:
    """Save a contact sheet of all queries with their neighbours.

    Raises:
        SettingsError: the file cannot be written, or its name has no suffix of a picture format.
    """
    catalogue = recommender.catalogue
    tiles = []
    for image, answer in answers.items():
        if answer.query.copy is not None:
            picture = open_picture(image, min_side=512)
            tiles.append(Tile(picture, Path(image).name, "the query", True))
        tiles += [
            Tile(
                catalogue.thumbnail(catalogue.position(r.id), r.picture),
                r.name,
                f"{r.similarity:.0%} similar",
            )
            for r in answer.results
        ]
    manifest = recommender.index.manifest
    try:
        draw_contact_sheet(tiles, f"{manifest.title}, {recommender.index.backbone.title}").save(
            path
        )
    except (OSError, ValueError) as error:
        raise SettingsError(f"The contact sheet cannot be saved as {path}: {error}.") from None
    _log.info(f"Saved {path}")


def parser() -> argparse.ArgumentParser:
    """Command-line parser."""
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("images", nargs="*", metavar="IMAGE", help="pictures to search with")
    p.add_argument(
        "--text",
        metavar="WORDS",
        help="words to search with, in place of a picture, or to refine each picture with",
    )
    p.add_argument(
        "--index",
        metavar="DIR|OWNER/REPO",
        help="an index (default: what INDEX_DIR or INDEX_REPO_ID say, else the demo catalogue)",
    )
    p.add_argument(
        "-k", type=int, default=DEFAULT_K, help="how many results (default: %(default)s)"
    )
    p.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="ATTRIBUTE=VALUE",
        help="only products with this value, or with a number in a range, such as price=10..50; "
        "may be given several times",
    )
    p.add_argument(
        "--min-similarity",
        type=float,
        default=0.0,
        metavar="0-1",
        help="only products at least this similar",
    )
    p.add_argument(
        "--offset",
        type=int,
        default=0,
        metavar="N",
        help="results to pass over: with -k 5, 5 gives the second page",
    )
    p.add_argument("--colour", type=float, metavar="0-1", help="how much colour matters")
    p.add_argument(
        "--include-same",
        action="store_true",
        help="also show the query's own copy in the catalogue",
    )
    p.add_argument("--json", action="store_true", help="print JSON, as the API returns it")
    p.add_argument(
        "--save", type=Path, metavar="SHEET.png", help="save query and results as a picture"
    )
    return p


def program() -> None:
    """Run the command and exit with its code."""
    commandline.run(main)
