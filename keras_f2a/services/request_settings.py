"""Reads the settings of one request from its query string."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.services.settings import REQUEST_SETTINGS
from keras_f2a.support.errors import InputError
from keras_f2a.support.setting_texts import parse_settings


def parse_request_settings(
    texts: Mapping[str, str], correction: CorrectionSettings, output: OutputSettings
) -> tuple[dict[str, Any], OutputSettings]:
    """Return a request's changes to the correction, and the settings of its output.

    Args:
        texts: Settings by name, for example `{"strength": "0.5"}`.
        correction: The service's own settings of the correction.
        output: The service's own settings of the output.

    Raises:
        InputError: There is no such setting, or its value is invalid.
    """
    for name in texts:
        if name not in REQUEST_SETTINGS:
            raise InputError(
                f"there is no such setting; use one of {', '.join(REQUEST_SETTINGS)}", file=name
            )
    changes = parse_settings(texts, CorrectionSettings, REQUEST_SETTINGS)
    replace(correction, **changes)  # Raises if a value is invalid.
    return changes, replace(output, **parse_settings(texts, OutputSettings, REQUEST_SETTINGS))
