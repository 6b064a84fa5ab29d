"""Reading what a layer inside a network computes, wherever that layer sits.

``layer.output`` of a layer inside a nested backbone belongs to the backbone's own graph and is not connected with the
inputs of the whole network; building a new functional network from the same layers would add nodes to the caller's
layers. So the layer's ``call`` is wrapped for as long as the network is traced: that is the same for Sequential,
functional, nested and subclassed networks, and leaves nothing behind.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_one_tracing_at_a_time = threading.RLock()


def find_layer(network: Any, name: str) -> Any:
    """The layer called ``name`` in ``network`` or in the networks nested in it; the outermost one wins.

    Raises:
        ValueError: there is no such layer.
    """
    level = [network]
    names: list[str] = []
    while level:
        layers = [layer for model in level for layer in model.layers]
        for layer in layers:
            if layer.name == name:
                return layer
        names += [layer.name for layer in layers]
        level = [layer for layer in layers if hasattr(layer, "layers")]
    raise ValueError(f"the network has no layer of this name. Received: name={name!r}, layers: {names}")


@contextmanager
def tapped(layer: Any, see: Callable[[Any], object] = lambda output: None) -> Iterator[list[Any]]:
    """While this lasts, every output of ``layer`` in this thread is shown to ``see`` and kept in the list given.

    Of a layer that gives several tensors (a recurrent layer with its states) the first is taken.
    """
    with _one_tracing_at_a_time:
        outputs: list[Any] = []
        own = vars(layer)
        original, replaced = layer.call, "call" in own
        thread = threading.get_ident()

        def call(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            if threading.get_ident() == thread:
                output = result[0] if isinstance(result, list | tuple) else result
                see(output)
                outputs.append(output)
            return result

        own["call"] = call
        try:
            yield outputs
        finally:
            if replaced:
                own["call"] = original
            else:
                del own["call"]
