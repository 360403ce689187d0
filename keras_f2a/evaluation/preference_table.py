"""The answers of a blind choice as a table, which comes before every other one."""

from collections.abc import Mapping

from keras_f2a.evaluation.preference import Preference, wilson_interval
from keras_f2a.evaluation.table_formats import Table


def preference_table(counts: Mapping[str, Preference], viewers: str | None = None) -> Table:
    """Write how often viewers preferred each version to the unchanged photograph.

    Args:
        counts: The answers, by version.
        viewers: Who or what the viewers were.

    Returns:
        A row for each version: counts, and the 95 % Wilson intervals of their shares.
    """
    header = ["Version", "Result preferred [95%]", "Original preferred [95%]", "No preference"]
    rows = [
        [
            name,
            _share(count.result, count.total),
            _share(count.original, count.total),
            f"{count.neither} of {count.total}",
        ]
        for name, count in counts.items()
    ]
    who = f"viewers: {viewers}" if viewers else "the viewers are not stated"
    return Table(f"Blind choice between result and original, Wilson intervals; {who}", header, rows)


def _share(successes: int, total: int) -> str:
    low, high = wilson_interval(successes, total)
    return f"{successes} of {total} [{low:.0%}, {high:.0%}]"
