"""Networks on a pretrained backbone: pixels -> frozen part -> features -> head.

The frozen part has the same weights in every training, so its output can be computed once an image and kept; the head
alone is what such a training learns. ``build`` puts the two together, so that a head trained on kept features is the
head of the whole network. See ``tasks.frozen`` for the part that learns from kept features.
"""

from abc import abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from pydantic import Field

from imgmine_gui.core.architectures.base import Architecture, Features, FineTuning, Produces
from imgmine_gui.core.architectures.efficientnet_lite import (
    REDUCTION,
    TOP_WIDTH,
    Variant,
    assign_pretrained,
    backbone,
    parts,
)
from imgmine_gui.core.choice import Choice
from imgmine_gui.core.data.preprocessing import Preprocessing
from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_

FEATURES = "features"
"""Name of the layer that ends the frozen part."""


class FineTune(Choice):
    """Which part of the backbone learns too."""

    NOTHING = "nothing", N_("Nothing: only the new layers learn")
    LAST = "last", N_("Its last blocks")
    ALL = "all", N_("All of it")


class PretrainedOptions(Options):
    """Options of every network on a pretrained backbone."""

    backbone: Variant = Field(
        Variant.LITE0, title=N_("Backbone"),
        description=N_("The network, trained on 1.3 million photos of ImageNet, that turns an image into features."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    fine_tune: FineTune = Field(
        FineTune.NOTHING, title=N_("Fine-tune"),
        description=N_("What of the backbone goes on learning: a little more accurate, but many times slower."),
    )  # fmt: skip
    blocks: int = Field(
        4, ge=1, le=23, title=N_("Last blocks"),
        description=N_("How many of the backbone's last blocks learn, where its last blocks are fine-tuned."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    head_epochs: int = Field(
        20, ge=0, le=1000, title=N_("Epochs before"),
        description=N_("Epochs in which the new layers learn alone, before fine-tuning begins."),
        json_schema_extra={"unit": N_("epochs"), "advanced": True},
    )  # fmt: skip
    backbone_rate: float = Field(
        0.1, gt=0, le=1, title=N_("Backbone's rate"),
        description=N_("Learning rate of the fine-tuned backbone, as a part of that of the new layers."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    copies: int = Field(
        0, ge=0, le=32, title=N_("Changed copies"),
        description=N_(
            "Of each training image: cropped, and mirrored where Augmentation mirrors, at random. Each costs as much "
            "time and room as the image, once. With 0 the new layers learn from the images as they are."
        ),
    )  # fmt: skip
    dropout: float = Field(
        0.2, ge=0, le=0.9, title=N_("Dropout"),
        description=N_("Part of the features that is left out at random while training, against learning by heart."),
    )  # fmt: skip


class PretrainedArchitecture(Architecture):
    """A head on the features of a pretrained backbone.

    Attributes:
        pooled: whether the features are the mean over the map, (batch, channels), or the map, (batch, h, w, channels).
    """

    produces = frozenset({Produces.VECTOR})
    reads_pixels = True
    batch_size = 128
    suggested: ClassVar[Mapping[str, Any]] = MappingProxyType(
        {"resizing": "fit", "epochs": 25, "early_stopping": 0, "keep_last": True, "learning_rate": 0.002,
         "label_smoothing": 0.1}
    )  # fmt: skip
    pooled: ClassVar[bool]

    @abstractmethod
    def head(self, features: Any, options: Any) -> Features:
        """Build the fresh layers on ``features``, float32 of ``feature_shape``."""

    def build(self, images: Any, options: PretrainedOptions, produce: Produces) -> Features:
        """The frozen part on pixel values 0..255, and the head on it; what is not fine-tuned cannot be trained."""
        return self.head(self.frozen_part(images, options), options)

    def frozen_part(self, images: Any, options: PretrainedOptions) -> Any:
        """The features of pixel values 0..255, float32 (batch, *feature_shape); their layer is ``FEATURES``."""
        from keras import layers

        feature_map = backbone(images, options.backbone, self._learning(options))
        if self.pooled:
            return layers.GlobalAveragePooling2D(dtype="float32", name=FEATURES)(feature_map)
        return layers.Identity(dtype="float32", name=FEATURES)(feature_map)

    def feature_shape(self, preprocessing: Preprocessing) -> tuple[int, ...]:
        """(channels,) or (h, w, channels) of the features of an image."""
        if self.pooled:
            return (TOP_WIDTH,)
        height, width = (-(-side // REDUCTION) for side in (preprocessing.height, preprocessing.width))
        return height, width, TOP_WIDTH

    def begin(self, model: Any, options: PretrainedOptions) -> None:
        """Give the backbone its pretrained weights; ``model`` may be the whole network or its frozen part."""
        assign_pretrained(model.layers, options.backbone)

    def fine_tuning(self, options: PretrainedOptions) -> FineTuning | None:
        """The fine-tuned layers of the backbone, which join in after ``head_epochs``."""
        learning = self._learning(options)
        return FineTuning(learning, options.head_epochs, options.backbone_rate) if learning else None

    @staticmethod
    def _learning(options: PretrainedOptions) -> frozenset[str]:
        """Names of the backbone's layers that are fine-tuned; the last blocks take the layer above them along."""
        if options.fine_tune is FineTune.NOTHING:
            return frozenset()
        chosen = parts(options.backbone)
        if options.fine_tune is FineTune.LAST:
            chosen = chosen[-options.blocks - 1 :]
        return frozenset(name for part in chosen for name in part)
