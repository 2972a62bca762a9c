"""Default weight of the colour part in a query, by the number of products of the index."""

import numpy as np

# Weight of the colour part in a query, 0-1. On products held out of a catalogue of 39,957
# (EfficientNet-Lite0), precision at 5 of article type, gender and colour is .842, .896 and .281
# with a weight of 0, and .832, .892 and .556 with .36. At .40 colour gains half a point more, which
# the other two lose together.
WEIGHT_OF_MANY, MANY = 0.36, 5_000
# Of few products most that have the query's colour are of another article type. What the weights
# .15, .25 and .36 cost the article type, in points: of 1,000 products .6, 1.4 and 3.5; of 1,500 .3,
# .8 and 2.1; of 2,500 .7, 1.3 and 2.1; of 5,000 nothing (samples of that catalogue). Of 1,493
# products of large pictures 0, 1.0 and 2.3, for 30, 35 and 38 points of colour. Of 682 drawn
# products .36 costs 15 points more than .15.
WEIGHT_OF_FEW, FEW = 0.15, 700


def default_colour_weight(items: int) -> float:
    """Default weight of the colour part in a query, 0-1.

    Args:
        items: number of items in the index.
    """
    at = np.log([max(items, 1), FEW, MANY])
    return round(float(np.interp(at[0], at[1:], (WEIGHT_OF_FEW, WEIGHT_OF_MANY))), 2)
