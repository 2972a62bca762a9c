"""Query endpoints: the garments of a picture, what words name, and the vector of a query.

Their docstrings are the API's documentation and the descriptions of the MCP tools.
"""

from typing import Any

from recommender.answers.arguments import DEFAULT_K
from recommender.answers.recommender import Recommender
from recommender.answers.text_filters import filters_of_mention
from recommender.interface.api.arguments import given, given_picture, picture_or_words


class QueryEndpoints:
    """The functions behind the endpoints.

    Args:
        recommender: makes the queries.
    """

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender

    def regions(self, image: bytes | str | None) -> list[dict[str, Any]]:
        """Find the garments of a picture that shows several: a person dressed, an outfit laid out.

        Use it before /recommend, which takes the number of one of them as region.

        Args:
            image: The picture, as /recommend takes it.

        Returns:
            A list of {"region", "box": [left, top, right, bottom] from 0 to 1, "name",
            "confidence" (0-1)}, the largest first; empty where the picture shows one garment.
        """
        picture = self._recommender.opened(given_picture(image))
        return [
            region.to_json(number)
            for number, region in enumerate(self._recommender.regions(picture), 1)
        ]

    def understand(self, text: str) -> dict[str, Any]:
        """Tell what words name in this catalogue, before or after a search with them.

        Args:
            text: Words, 300 characters at most, as in /recommend.

        Returns:
            {"language", "mentions": a list of {"role", "label", "words", "negated", "filters": the
            filters that would ask for it alone}, "unknown": words that are known neither to the
            catalogue nor in a language, "read_as": words with a wrong letter and what they are
            read as}.
        """
        understood = self._recommender.words.understand(given(text) or "")
        columns = self._recommender.words.embedder.lexicon.columns
        return {
            "language": understood.language,
            "mentions": [
                {
                    "role": mention.role,
                    "label": mention.label,
                    "words": understood.text[mention.start : mention.stop],
                    "negated": mention.negated,
                    "filters": filters_of_mention(mention, columns, self._recommender.catalogue),
                }
                for mention in understood.mentions
            ],
            "unknown": list(understood.unknown),
            "read_as": dict(understood.corrected),
        }

    def embed(
        self,
        image: bytes | str | None = None,
        colour_weight: float | None = None,
        text: str | None = None,
    ) -> dict[str, Any]:
        """Turn a picture or words into the vector that they are searched with, for other programs.

        Args:
            image: The picture, as in /recommend. Leave it out for words alone.
            colour_weight: How much colour matters against style, 0 to 1, as in /recommend.
            text: Words, in place of the picture or to refine it, as in /recommend.

        Returns:
            {"vector": the numbers whose inner products with the index's vectors order the
            results, "parts": {"style": [first, end], "colour": [first, end]} of them,
            "colour_weight" that they are weighed by, "fingerprint" of the index, "notice" when
            the picture shows no product, else null}.
        """
        weight = self._recommender.check(DEFAULT_K, {}, colour_weight)
        words = given(text)
        picture = picture_or_words(image, words, words=self._recommender.words.available)
        query = self._recommender.query_of(picture, words)
        style, whole_length = query.embedding.style.size, query.embedding.query(weight).size
        return {
            # Nine digits name a float32 exactly.
            "vector": [float(f"{x:.9g}") for x in query.embedding.query(weight)],
            "parts": {"style": [0, style], "colour": [style, whole_length]},
            "colour_weight": weight,
            "fingerprint": self._recommender.index.manifest.fingerprint,
            "notice": query.notice,
        }
