"""The settings of one request, from the texts of its query."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.services.settings import REQUEST_SETTINGS
from keras_f2a.support.errors import InputError
from keras_f2a.support.setting_texts import values_of_texts


def settings_of_request(
    texts: Mapping[str, str], correction: CorrectionSettings, output: OutputSettings
) -> tuple[dict[str, Any], OutputSettings]:
    """Return what a request changes in the correction, and how its photograph is written.

    Args:
        texts: Settings by name, for example `{"strength": "0.5"}`.
        correction: The service's own settings.
        output: Likewise.

    Raises:
        InputError: There is no such setting, or its value is not possible.
    """
    for name in texts:
        if name not in REQUEST_SETTINGS:
            raise InputError(
                f"there is no such setting; use one of {', '.join(REQUEST_SETTINGS)}", file=name
            )
    changes = values_of_texts(texts, CorrectionSettings, REQUEST_SETTINGS)
    replace(correction, **changes)  # Raises for a value that is not possible.
    return changes, replace(output, **values_of_texts(texts, OutputSettings, REQUEST_SETTINGS))
