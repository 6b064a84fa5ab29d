"""TensorFlow on a command line: stderr is for one line a person can act on."""

import logging
import os
import sys
import tempfile


def load_tensorflow() -> None:
    """Import TensorFlow with what it prints held back; shown only when the import fails."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["ENABLE_RUNTIME_UPTIME_TELEMETRY"] = "0"
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            import tensorflow as tf

            tf.constant(0)  # native code announces itself at the first operation
            logging.getLogger("tensorflow").setLevel(logging.ERROR)
        except BaseException:
            os.dup2(kept, 2)
            said.seek(0)
            sys.stderr.write(said.read().decode(errors="replace"))
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
