"""Shows the answers of a blind choice as a table, which comes before all others."""

from collections.abc import Mapping

import numpy as np

from keras_f2a.evaluation.preference import Preference
from keras_f2a.evaluation.preference_interval import share_interval
from keras_f2a.evaluation.table_formats import Table


def preference_table(counts: Mapping[str, Preference], viewers: str | None = None) -> Table:
    """Return a table of how often viewers preferred each version to the unchanged photograph.

    Args:
        counts: The answers by version.
        viewers: Who or what the viewers were.

    Returns:
        A row for each version with the counts and the 95% bootstrap intervals of their shares.
        The bootstrap resamples photographs, not answers, because viewers of the same photograph
        agree more often than by chance (see `keras_f2a.evaluation.preference_interval`).
    """
    header = ["Version", "Result preferred [95%]", "Original preferred [95%]", "No preference"]
    rows = []
    for name, count in counts.items():
        answers = np.array(list(count.photographs.values())).reshape(-1, 3)
        result, original, _ = answers.T
        totals = answers.sum(axis=1)
        neither = f"{count.neither} of {count.total}"
        rows.append([name, _format_share(result, totals), _format_share(original, totals), neither])
    viewers_text = f"viewers: {viewers}" if viewers else "the viewers are not stated"
    caption = "Blind choice between result and original, intervals by bootstrap over photographs"
    return Table(f"{caption}; {viewers_text}", header, rows)


def _format_share(chosen: np.ndarray, totals: np.ndarray) -> str:
    low, high = share_interval(chosen, totals)
    return f"{chosen.sum():.0f} of {totals.sum():.0f} [{low:.0%}, {high:.0%}]"
