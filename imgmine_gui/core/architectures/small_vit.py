"""A compact vision transformer (Dosovitskiy et al. 2021): patches of the image that look at one another."""

from typing import Any

from pydantic import Field

from imgmine_gui.core.architectures.base import ARCHITECTURES, Architecture, Features, Produces
from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_


class SmallVitOptions(Options):
    """Options of the network."""

    patch: int = Field(
        16, ge=2, le=64, title=N_("Patch"),
        description=N_("Width and height of the squares that the image is cut into. Smaller is finer and far slower."),
        json_schema_extra={"unit": N_("px")},
    )  # fmt: skip
    depth: int = Field(
        4, ge=1, le=16, title=N_("Depth"), description=N_("How often the patches look at one another.")
    )  # fmt: skip
    heads: int = Field(
        4, ge=1, le=16, title=N_("Heads"),
        description=N_("How many places at once the network may look at, each with weights of its own."),
    )  # fmt: skip
    head_width: int = Field(
        24, ge=4, le=128, title=N_("Width of a head"), description=N_("Features of a patch that each head works with."),
    )  # fmt: skip
    dropout: float = Field(
        0.1, ge=0, le=0.9, title=N_("Dropout"),
        description=N_("Part of the features that is left out at random while training, against learning by heart."),
    )  # fmt: skip


@ARCHITECTURES.register("small_vit")
class SmallVit(Architecture):
    """Patch embedding, self-attention blocks with normalisation before each part, the mean over the patches."""

    name = "small_vit"
    title = N_("Small ViT")
    summary = N_("A small vision transformer: patches look at one another. Wants thousands of images to learn from.")
    diagram = (N_("Image"), N_("Patches"), N_("Self-attention"), N_("Mean"), N_("Class"))
    options_type = SmallVitOptions
    produces = frozenset({Produces.VECTOR})
    explainer = "attention_rollout"

    def build(self, images: Any, options: SmallVitOptions, produce: Produces) -> Features:
        """(batch, heads * head_width); the weights of each block are the output of a layer."""
        from keras import layers

        from imgmine_gui.core.layers.self_attention import LearnedPositions

        width = options.heads * options.head_width
        cut = layers.Conv2D(width, options.patch, options.patch, padding="same", name="patches")(images)
        rows, columns = cut.shape[1:3]
        x = LearnedPositions(name="learned_positions")(layers.Reshape((rows * columns, width), name="in_rows")(cut))
        names = [f"attention_{number:02}" for number in range(1, options.depth + 1)]
        for name in names:
            x = _block(x, name, options)
        x = layers.LayerNormalization(epsilon=1e-6, name="last_norm")(x)
        feature_map = layers.Reshape((rows, columns, width), name="feature_map")(x)
        pooled = layers.GlobalAveragePooling2D(dtype="float32", name="summary")(feature_map)
        weights = tuple(f"{name}_weights" for name in names)
        return Features(pooled, feature_layer="feature_map", self_attention_layers=weights)


def _block(x: Any, name: str, options: SmallVitOptions) -> Any:
    """x + attention(norm(x)), then x + dense(norm(x)) with twice the features within."""
    from keras import layers

    from imgmine_gui.core.layers.self_attention import AttentionMix, AttentionWeights

    width = options.heads * options.head_width
    normed = layers.LayerNormalization(epsilon=1e-6, name=f"{name}_norm")(x)
    queries, keys, values = (
        layers.Dense(width, name=f"{name}_{part}")(normed) for part in ("queries", "keys", "values")
    )
    weights = AttentionWeights(options.heads, name=f"{name}_weights")([queries, keys])
    mixed = layers.Dense(width, name=f"{name}_out")(AttentionMix(name=f"{name}_mix")([weights, values]))
    x = layers.Add(name=f"{name}_add")([x, mixed])
    inner = layers.LayerNormalization(epsilon=1e-6, name=f"{name}_dense_norm")(x)
    inner = layers.Dense(2 * width, activation="gelu", name=f"{name}_dense_in")(inner)
    inner = layers.Dropout(options.dropout, name=f"{name}_dropout")(inner)
    return layers.Add(name=f"{name}_dense_add")([x, layers.Dense(width, name=f"{name}_dense_out")(inner)])
