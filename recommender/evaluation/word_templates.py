"""Templates of queries in words for an evaluation: phrases and refinements in ten languages."""

from recommender.words.concepts import LANGUAGES

# How people ask for a colour or a gender of a picture.
IN_COLOUR = {
    "en": "in {}",
    "de": "in {}",
    "fr": "en {}",
    "es": "en {}",
    "it": "in {}",
    "pt": "em {}",
    "nl": "in het {}",
    "pl": "w kolorze {}",
    "ja": "{}で",
    "zh": "换成{}",
}
FOR_GENDER = {
    "en": "for {}",
    "de": "für {}",
    "fr": "pour {}",
    "es": "para {}",
    "it": "per {}",
    "pt": "para {}",
    "nl": "voor {}",
    "pl": "dla {}",
    "ja": "{}用",
    "zh": "{}穿的",
}

# Templates of the phrases by what they name; other ones than those of the fitting where possible.
PHRASES = {
    "TYPE": dict.fromkeys(LANGUAGES, "{type}"),
    "COLOUR TYPE": {
        **dict.fromkeys(("en", "de", "nl", "pl"), "{colour} {type}"),
        **dict.fromkeys(("fr", "es", "it", "pt"), "{type} {colour}"),
        "ja": "{colour}の{type}",
        "zh": "{colour}{type}",
    },
    "COLOUR TYPE for GENDER": {
        "en": "{colour} {type} for {gender}",
        "de": "{colour} {type} für {gender}",
        "fr": "{type} {colour} pour {gender}",
        "es": "{type} {colour} para {gender}",
        "it": "{type} {colour} per {gender}",
        "pt": "{type} {colour} para {gender}",
        "nl": "{colour} {type} voor {gender}",
        "pl": "{colour} {type} dla {gender}",
        "ja": "{gender}の{colour}{type}",
        "zh": "{gender}{colour}{type}",
    },
}
