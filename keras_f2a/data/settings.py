"""The settings of the pairs: where they lie, how they are cut, changed and put into batches."""

from dataclasses import dataclass, replace

from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.support.errors import InputError
from keras_f2a.support.settings import Range, documented, setting

SMALLEST_CROP = 16
"""In pixels. The networks halve their input four times."""


@documented
@dataclass(frozen=True, kw_only=True)
class PairSettings:
    """Which pairs train a network, and what of them."""

    data: str | None = setting(
        None,
        "folder with train/ and test/ (or val/) pairs, the bundled scenes if none",
        metavar="DIR",
    )
    batch_size: int = setting(8, "images per step over all devices", at_least=1)
    crop_size: int = setting(224, "side of the random crops in pixels", at_least=SMALLEST_CROP)
    whole_images: bool = setting(False, "train on whole images, each batch of one size")
    crop_scale: Range | None = setting(
        None,
        "share of the image's shorter side that a crop takes before it is resized; authors' code: "
        "0.8 1.0",
        at_least=0.01,
        at_most=1,
    )
    ambient_mix: Range | None = setting(
        None, "share of ambient light added to the flash images", at_least=0, at_most=10
    )
    augmentation: str = setting(
        "none",
        "changes to the pairs, for made-up scenes: camera, other tones, noise and JPEG, or "
        "photographic, other sections too",
        choices=("none", "camera", "photographic"),
    )
    same_exposure: bool = setting(
        False,
        "bring each ambient image to its flash image's exposure and white balance, so that light "
        "is learnt and brightness stays as it is; in validation too",
    )
    auto_exposure: float = setting(
        0.0,
        "share of the way, in stops, that each ambient image's mean is then brought to 18 % gray",
        at_least=0,
        at_most=1,
    )
    unchanged_share: float = setting(
        0.0,
        "share of ambient images among the flash images, to be kept unchanged",
        at_least=0,
        at_most=1,
    )
    turned_share: float = setting(
        0.0,
        "share of the batches of portrait whole images that are rotated to landscape, as a network "
        "of one size sees them",
        at_least=0,
        at_most=1,
    )
    memory_limit: float = setting(
        2.0,
        "gigabytes of decoded pairs that may stay in memory; beyond it each epoch decodes them "
        "from their files, with the same result",
        at_least=0,
    )
    skip_bad_pairs: bool = setting(False, "go on without unusable pairs")
    limit: int | None = setting(None, "train on the first so many pairs only", at_least=1)

    def resolved(self) -> "PairSettings":
        """Fills in the folder.

        Raises:
            InputError: Settings contradict one another.
        """
        if self.turned_share and not self.whole_images:
            raise InputError("goes with `whole_images` only", setting="turned_share")
        return replace(self, data=str(self.data or BUNDLED_SCENES))

    @property
    def crops(self) -> int | None:
        """Side of the crops, `None` for whole images."""
        return None if self.whole_images else self.crop_size
