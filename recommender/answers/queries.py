"""Queries: pictures, regions, words, products and mixes, embedded in the space of an index."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PIL import Image

from recommender.answers.copies import reduced
from recommender.answers.kinds import ProductKinds
from recommender.answers.recommendation import NOTHING_SIMILAR, MixComponent, Query
from recommender.answers.regions import Region, choose_region, find_regions
from recommender.answers.text_queries import TextQueries
from recommender.embedding.query import embed_query
from recommender.embedding.vectors import Embedding, normalised
from recommender.errors import SettingsError
from recommender.index.folder import Index
from recommender.pictures.decoding import PictureSource, open_picture


class QueryMaker:
    """Makes queries for an index. Safe to call from several threads.

    Args:
        index: an opened index.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.catalogue = index.catalogue
        self._kinds = ProductKinds(index.catalogue.attributes, index.catalogue.labels, index.head)
        self.words = TextQueries(index)

    def opened(self, source: PictureSource) -> Image.Image:
        """RGB picture of anything that `open_picture` reads, reduced as the products' pictures.

        Raises:
            PictureError: the source is not a usable picture.
        """
        return open_picture(source, min_side=self.index.backbone.decoded_side)

    def embed(self, source: PictureSource) -> Query:
        """Query from anything that `open_picture` reads.

        Raises:
            PictureError: the source is not a usable picture.
        """
        return self.embed_picture(self.opened(source))

    def regions(self, picture: Image.Image) -> list[Region]:
        """Garments of an RGB picture that shows several; empty for a picture of one."""
        return find_regions(picture, self.index.extractor, self.index.head)

    def embed_picture(self, picture: Image.Image) -> Query:
        """Query from an RGB picture."""
        index = self.index
        embedded = embed_query(
            picture, index.extractor, index.head, index.pictures, self._kinds.of_types
        )
        pooled = embedded.features.max_pooled, embedded.features.avg_pooled
        familiar = index.product_detector.score(*pooled)[0] >= 0
        return Query(
            embedded.embedding,
            None if familiar else NOTHING_SIMILAR,
            reduced(picture),
            kinds=self._kinds.probabilities(embedded.types),
        )

    def embed_text(self, text: str) -> Query:
        """Query from words alone, such as "red summer dress", in any of ten languages.

        Raises:
            TextError: the index has no words, or the text is empty, too long, of unknown words or
                about no product.
        """
        found = self.words.embed(text)
        return Query(found.embedding, found.notice, understood=found.understanding, words_only=True)

    def refine(self, query: Query, text: str) -> Query:
        """Query of a picture, a product or a mix, changed in what words name.

        Args:
            query: to refine; one of words alone gets the further words.
            text: such as "in red", "for men", "as a dress", "with stripes", "not black".

        Raises:
            TextError: the index has no words, or the text is empty, too long or of unknown words.
        """
        if query.words_only and query.understood is not None:
            return self.embed_text(f"{query.understood.text} {text}")
        found = self.words.refine(query.embedding, text)
        notices = " ".join(filter(None, (query.notice, found.notice))) or None
        # Words about prices and stock leave the vector as it is, and the calibration of pictures.
        changed = found.embedding is not query.embedding
        return replace(
            query,
            embedding=found.embedding,
            notice=notices,
            understood=found.understanding,
            refined=changed,
            kinds={} if changed else query.kinds,
        )

    def query_of(
        self, source: PictureSource | None, text: str | None, region: int | None = None
    ) -> Query:
        """Query of a picture or its region, of words, or of a picture refined with words.

        Raises:
            PictureError, TextError: the picture or the text is not valid, or there is neither.
            SettingsError: there is no such region.
        """
        if source is None:
            if region is not None:
                raise SettingsError("A region is of a picture: send one, or leave region out.")
            return self.embed_text(text or "")
        picture = self.opened(source)
        if region is not None:
            picture = choose_region(picture, self.regions(picture), region)
        query = self.embed_picture(picture)
        return self.refine(query, text) if text else query

    def embedding_of(self, position: int) -> Embedding:
        """Embedding of the main picture of a product of the catalogue, given its position."""
        style, colour = self._embeddings([position])
        return Embedding(style[0], colour[0])

    def mix(self, components: Sequence[MixComponent]) -> Query:
        """Mixed query: the weighted sums of the components' styles and colours, of length one.

        Raises:
            SettingsError: the weighted styles, or colours, add up to zero.
        """
        style = sum((c.style * c.embedding.style for c in components), np.zeros(()))
        colour = sum((c.colour * c.embedding.colour for c in components), np.zeros(()))
        for part in (style, colour):
            if part.ndim == 0 or (part.size and not np.linalg.norm(part) > 1e-6):
                raise SettingsError("These pictures cancel each other out: give one more weight.")
        return Query(Embedding(normalised(style[None])[0], normalised(colour[None])[0]))

    def _embeddings(self, positions: Sequence[int] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Style and colour of products, (n, d) float32 each, without the label prior."""
        vectors = self.index.search.vectors(positions)
        style, colour = np.split(vectors, [self.index.manifest.style_dimensions], axis=1)
        labels = [self.catalogue.labels_of(int(position)) for position in positions]
        return self.index.head.remove_label_prior(style, colour, labels)
