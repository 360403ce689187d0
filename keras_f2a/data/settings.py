"""Settings of the pairs: where they are, and how they are cropped, augmented and batched."""

from dataclasses import dataclass, replace

from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.support.errors import InputError
from keras_f2a.support.settings import Range, documented, setting

SMALLEST_CROP = 16
"""Smallest crop in pixels, because the networks halve their input four times."""


@documented
@dataclass(frozen=True, kw_only=True)
class PairSettings:
    """Settings of the pairs that train a network, and of their preparation."""

    data: str | None = setting(
        None,
        "folder with train/ and test/ (or val/) pairs; the default is the bundled scenes",
        metavar="DIR",
    )
    batch_size: int = setting(8, "images per step over all devices", at_least=1)
    crop_size: int = setting(224, "side of the random crops in pixels", at_least=SMALLEST_CROP)
    whole_images: bool = setting(False, "train on whole images, each batch of one size")
    crop_scale: Range | None = setting(
        None,
        "share of the image's shorter side that a crop covers before it is resized; the authors' "
        "code uses 0.8 1.0",
        at_least=0.01,
        at_most=1,
    )
    ambient_mix: Range | None = setting(
        None, "share of ambient light to add to the flash images", at_least=0, at_most=10
    )
    augmentation: str = setting(
        "none",
        "changes to the pairs, for rendered scenes: camera changes tones, noise and JPEG; "
        "photographic also enlarges sections",
        choices=("none", "camera", "photographic"),
    )
    same_exposure: bool = setting(
        False,
        "bring each ambient image to its flash image's exposure and white balance, so that the "
        "network learns light and leaves brightness alone; this applies to validation too",
    )
    auto_exposure: float = setting(
        0.0,
        "how far to move each ambient image's mean toward 18% gray, as a share of the stops",
        at_least=0,
        at_most=1,
    )
    unchanged_share: float = setting(
        0.0,
        "share of ambient images among the inputs, which the network learns to leave alone",
        at_least=0,
        at_most=1,
    )
    turned_share: float = setting(
        0.0,
        "share of the batches of portrait whole images to rotate, because a fixed landscape input "
        "sees portrait photographs that way",
        at_least=0,
        at_most=1,
    )
    memory_limit: float = setting(
        2.0,
        "gigabytes of decoded pairs that may stay in memory; if the pairs need more, each epoch "
        "decodes them from their files, with the same result",
        at_least=0,
    )
    skip_bad_pairs: bool = setting(False, "train without pairs that have problems")
    limit: int | None = setting(None, "train on the first N pairs only", at_least=1)

    def resolved(self) -> "PairSettings":
        """Return these settings with the folder filled in.

        Raises:
            InputError: Settings contradict one another.
        """
        if self.turned_share and not self.whole_images:
            raise InputError("needs `whole_images`", setting="turned_share")
        if self.crop_scale is not None and self.whole_images:
            raise InputError("cannot be combined with `whole_images`", setting="crop_scale")
        return replace(self, data=str(self.data or BUNDLED_SCENES))

    @property
    def crops(self) -> int | None:
        """Side of the crops in pixels, `None` for whole images."""
        return None if self.whole_images else self.crop_size
