"""Reads the settings of one request from its query string."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.services.settings import REQUEST_SETTINGS
from keras_f2a.support.errors import InputError
from keras_f2a.support.setting_texts import parse_settings


def parse_request_settings(
    texts: Mapping[str, str] | Sequence[tuple[str, str]],
    correction: CorrectionSettings,
    output: OutputSettings,
) -> tuple[dict[str, Any], OutputSettings]:
    """Return a request's changes to the correction, and the settings of its output.

    Args:
        texts: Settings by name, for example `{"strength": "0.5"}`, or pairs of name and text.
        correction: The service's own settings of the correction.
        output: The service's own settings of the output.

    Raises:
        InputError: There is no such setting, it is given twice, or its value is invalid.
    """
    pairs = list(texts.items() if isinstance(texts, Mapping) else texts)
    texts = dict(pairs)
    for name, count in Counter(name for name, _ in pairs).items():
        if name not in REQUEST_SETTINGS:
            raise InputError(
                f"there is no such setting; use one of {', '.join(REQUEST_SETTINGS)}", file=name
            )
        if count > 1:
            raise InputError("is given more than once", setting=name)
    changes = parse_settings(texts, CorrectionSettings, REQUEST_SETTINGS)
    replace(correction, **changes)  # Raises if a value is invalid.
    return changes, replace(output, **parse_settings(texts, OutputSettings, REQUEST_SETTINGS))
