"""The network under examination, as the explainers see it."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.explain.taps import find_layer, tapped

Floats: TypeAlias = npt.NDArray[np.float32]
Score: TypeAlias = str | int | Callable[[Any], Any]

_PROBE_SIDE = 64
_PROBABILITY_TOLERANCE = 1e-2


class Subject:
    """A trained network with its layers of interest, compiled once for every question an explainer asks.

    The network is always called with ``training=False``: augmentation and dropout inside it stay still. It may be
    Sequential, functional, subclassed, nested or recurrent. Its input is one float32 tensor
    ``[batch, height, width, channels]`` of pixel values in 0..255. Building a subject traces the network once.

    Args:
        network: a built ``keras.Model``.
        feature_layer: name of the layer whose output ``[batch, height, width, channels]`` class activation maps use.
            It may lie in a nested network. Of a layer that is called more than once the last call counts.
        sequence_layer: name of the layer whose output ``[batch, columns, features]`` is read along the width.
        score: what is explained, ``[batch, classes]``: the name or position of an output, or a function of the
            network's outputs. By default the output "logits", or the only output.
        self_attention_layers: names of the layers, from the images on, whose outputs ``[batch, heads, positions,
            positions]`` are the weights of self-attention; the positions are those of the feature map in rows.

    Attributes:
        gives: what explainers may ask for: of "attention", "feature_map", "self_attention", "sequence".
        input_shape: (height, width, channels); an open side is None.
        classes: how many there are.

    Raises:
        ValueError: there is no such layer or output, its rank is wrong, or the network is not built.

    Example:
        >>> subject = Subject(network, feature_layer="last_block")
        >>> features, gradients = subject.features_and_gradients(images, targets)
    """

    def __init__(
        self,
        network: Any,
        feature_layer: str | None = None,
        sequence_layer: str | None = None,
        score: Score | None = None,
        self_attention_layers: Sequence[str] = (),
    ) -> None:
        self._network = network
        self._score = score
        self._layers = {
            kind: find_layer(network, name)
            for kind, name in (("feature_map", feature_layer), ("sequence", sequence_layer))
            if name is not None
        }
        self._self_attention_layers = [find_layer(network, name) for name in self_attention_layers]
        self._self_attention: Any = None
        self.input_shape = _input_shape(network)
        self._gradient_functions: dict[str, Any] = {}
        self._forward = self._trace_forward()
        shapes = {name: spec.shape for name, spec in self._forward.structured_outputs.items()}
        _check_ranks(shapes)
        given = {"attention", "feature_map", "sequence"} & set(shapes)
        self.gives = frozenset(given | {"self_attention"} if self._self_attention_layers else given)
        self.classes = int(shapes["scores"][1])
        self._scores_are_probabilities: bool | None = None

    @property
    def has_feature_map(self) -> bool:
        """Whether class activation maps are defined."""
        return "feature_map" in self.gives

    @property
    def has_sequence(self) -> bool:
        """Whether the network reads columns one after the other."""
        return "sequence" in self.gives

    @property
    def has_attention(self) -> bool:
        """Whether the network has attention weights as an output."""
        return "attention" in self.gives

    def scores(self, images: Floats) -> Floats:
        """The scores that are explained, ``[batch, classes]``."""
        return self._ask("scores", images)

    def probabilities(self, images: Floats) -> Floats:
        """The probabilities of the classes, ``[batch, classes]``, in 0..1.

        They are the network's output of that name, or the scores where these are probabilities already, or else
        their softmax (the sigmoid of a single score).
        """
        if self._score is None and "probabilities" in self._forward.structured_outputs:
            return self._ask("probabilities", images)
        scores = self.scores(images)
        if self._scores_are_probabilities is None:
            self._scores_are_probabilities = _are_probabilities(self.scores(self._probe()))
        return scores if self._scores_are_probabilities else _to_probabilities(scores)

    def attention(self, images: Floats) -> Floats | None:
        """The attention weights, ``[batch, heads, height, width]``, each head's sum 1; None without such an output."""
        return self._ask("attention", images) if self.has_attention else None

    @property
    def feature_size(self) -> tuple[int, int]:
        """Height and width of the feature map, where the network's input has a size."""
        shape = self._forward.structured_outputs["feature_map"].shape
        return int(shape[1]), int(shape[2])

    def self_attention(self, images: Floats) -> list[Floats]:
        """The weights of each layer of self-attention, from the images on, ``[batch, heads, positions, positions]``."""
        if self._self_attention is None:
            self._self_attention = self._compile_self_attention()
        return [weights.numpy() for weights in self._self_attention(_tensor(images))]

    def features_and_scores(self, images: Floats) -> tuple[Floats, Floats]:
        """The feature map ``[batch, height, width, channels]`` and the scores ``[batch, classes]`` made from it."""
        answer = self._forward(_tensor(images))
        return answer["feature_map"].numpy(), answer["scores"].numpy()

    def features_and_gradients(self, images: Floats, targets: npt.NDArray[Any]) -> tuple[Floats, Floats]:
        """The feature map and the gradient of each image's target score there, both ``[b, height, width, channels]``.

        Args:
            images: float32 ``[b, height, width, channels]``.
            targets: one class index an image.
        """
        return self._differentiate("feature_map", images, targets)

    def sequence_and_gradients(self, images: Floats, targets: npt.NDArray[Any]) -> tuple[Floats, Floats]:
        """The sequence and the gradient of each image's target score there, both ``[batch, columns, features]``."""
        return self._differentiate("sequence", images, targets)

    def input_gradients(self, images: Floats, targets: npt.NDArray[Any]) -> Floats:
        """The gradient of each image's target score at its pixels, of the images' shape."""
        return self._differentiate("input", images, targets)[1]

    def _ask(self, name: str, images: Floats) -> Floats:
        answer: Floats = self._forward(_tensor(images))[name].numpy()
        return answer

    def _differentiate(self, place: str, images: Floats, targets: npt.NDArray[Any]) -> tuple[Floats, Floats]:
        import tensorflow as tf

        if place not in self._gradient_functions:
            self._gradient_functions[place] = self._compile_gradients(place)
        value, gradient = self._gradient_functions[place](_tensor(images), tf.constant(targets, tf.int32))
        return value.numpy(), gradient.numpy()

    def _trace_forward(self) -> Any:
        """One graph that answers every question without a gradient, so that the network is traced once for all."""
        import tensorflow as tf

        def forward(images: Any) -> dict[str, Any]:
            with ExitStack() as stack:
                taps = {kind: stack.enter_context(tapped(layer)) for kind, layer in self._layers.items()}
                outputs = self._network(images, training=False)
            named = _named_outputs(self._network, outputs)
            answer = {kind: _last(seen, self._layers[kind]) for kind, seen in taps.items()}
            answer |= {name: named[name] for name in ("attention", "probabilities") if name in named}
            answer["scores"] = _select_score(self._score, named, outputs)
            return {name: tf.cast(tensor, tf.float32) for name, tensor in answer.items()}

        return tf.function(forward, [self._image_spec()], autograph=False).get_concrete_function()

    def _compile_gradients(self, place: str) -> Any:
        import tensorflow as tf

        def differentiate(images: Any, targets: Any) -> tuple[Any, Any]:
            # Recording from the watched place on, not from the images: the gradient stops there in any case, and a
            # network that is frozen or casts its input is recorded all the same.
            with tf.GradientTape(watch_accessed_variables=False) as tape, ExitStack() as stack:
                seen = [images]
                if place == "input":
                    tape.watch(images)
                else:
                    seen = stack.enter_context(tapped(self._layers[place], tape.watch))
                outputs = self._network(images, training=False)
                scores = _select_score(self._score, _named_outputs(self._network, outputs), outputs)
                score = tf.gather(tf.cast(scores, tf.float32), targets, axis=1, batch_dims=1)
            gradient = tape.gradient(score, seen[-1], unconnected_gradients="zero")
            return tf.cast(seen[-1], tf.float32), tf.cast(gradient, tf.float32)

        signature = [self._image_spec(), tf.TensorSpec([None], tf.int32)]
        return tf.function(differentiate, signature, autograph=False)

    def _compile_self_attention(self) -> Any:
        import tensorflow as tf

        def forward(images: Any) -> list[Any]:
            with ExitStack() as stack:
                taps = [stack.enter_context(tapped(layer)) for layer in self._self_attention_layers]
                self._network(images, training=False)
            pairs = zip(taps, self._self_attention_layers, strict=True)
            return [tf.cast(_last(seen, layer), tf.float32) for seen, layer in pairs]

        return tf.function(forward, [self._image_spec()], autograph=False)

    def _image_spec(self) -> Any:
        import tensorflow as tf

        return tf.TensorSpec([None, *self.input_shape], tf.float32)

    def _probe(self) -> Floats:
        """A black and a striped image: what the scores are like for these tells whether they are probabilities."""
        height, width = (side or _PROBE_SIDE for side in self.input_shape[:2])
        images = np.zeros((2, height, width, self.input_shape[2] or 1), np.float32)
        images[1, ::2] = 255
        return images


def _tensor(images: Floats) -> Any:
    import tensorflow as tf

    return tf.constant(images, tf.float32)


def _input_shape(network: Any) -> tuple[int | None, ...]:
    shape = getattr(network, "input_shape", None)
    if not isinstance(shape, tuple) or len(shape) != 4:
        raise ValueError(
            f"a built network with one input [batch, height, width, channels] is needed. Received: {shape}"
        )
    return shape[1:]


def _named_outputs(network: Any, outputs: Any) -> dict[str, Any]:
    if isinstance(outputs, dict):
        return outputs
    if isinstance(outputs, list | tuple):
        names = getattr(network, "output_names", None) or [str(index) for index in range(len(outputs))]
        return dict(zip(names, outputs, strict=True))
    return {"output": outputs}


def _select_score(score: Score | None, named: dict[str, Any], outputs: Any) -> Any:
    if callable(score):
        return score(outputs)
    if score is None:
        score = "logits" if "logits" in named else 0 if len(named) == 1 else None
    if isinstance(score, int) and score < len(named):
        return list(named.values())[score]
    if isinstance(score, str) and score in named:
        return named[score]
    raise ValueError(f"say which output to explain. Received: score={score!r}, outputs: {list(named)}")


def _last(seen: list[Any], layer: Any) -> Any:
    if not seen:
        raise ValueError(f"the network never calls this layer. Received: layer={layer.name!r}")
    return seen[-1]


def _check_ranks(shapes: dict[str, Any]) -> None:
    for name, rank in (("scores", 2), ("attention", 4), ("feature_map", 4), ("sequence", 3)):
        if name in shapes and len(shapes[name]) != rank:
            raise ValueError(f"the {name} must have {rank} dimensions. Received: shape={tuple(shapes[name])}")


def _are_probabilities(scores: Floats) -> bool:
    if scores.shape[1] == 1:
        return bool(np.all((scores >= 0) & (scores <= 1)))
    return bool(np.all(scores >= 0) and np.all(np.abs(scores.sum(1) - 1) < _PROBABILITY_TOLERANCE))


def _to_probabilities(scores: Floats) -> Floats:
    if scores.shape[1] == 1:
        return np.asarray(0.5 * (1 + np.tanh(scores / 2)), np.float32)
    exponentials = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(1, keepdims=True), np.float32)
