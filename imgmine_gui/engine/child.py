"""The child process: does one request after another in its main thread, while other threads listen and tell."""

import ctypes
import faulthandler
import gc
import os
import pickle
import queue
import signal
import sys
import threading
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.events import Event, PhaseStarted, Stopping
from imgmine_gui.core.jobs import JobContext, Wish
from imgmine_gui.core.text import N_, set_language
from imgmine_gui.engine.courier import Courier
from imgmine_gui.engine.functions import find_function
from imgmine_gui.engine.protocol import CancelledReply, Failed, Ready, Reply, Request, Run, Succeeded, WishChanged

PR_SET_PDEATHSIG = 1


class EngineContext(JobContext):
    """The ``JobContext`` of one request."""

    def __init__(self, courier: Courier, wishes: dict[int, Wish], request: int) -> None:
        self._courier = courier
        self._wishes = wishes
        self._request = request
        self._acknowledged = False

    def report(self, event: Event) -> None:
        """Tell the window."""
        self._courier.add(event)

    @property
    def wish(self) -> Wish:
        """What the person wants; the first reading of a wish to stop is acknowledged at once."""
        wish = self._wishes.get(self._request, Wish.GO_ON)
        if wish is Wish.STOP and not self._acknowledged:
            self._acknowledged = True
            self._courier.add(Stopping(), at_once=True)
        return wish


class Child:
    """The state of the child.

    Args:
        connection: the child's end of the pipe.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._courier = Courier(connection)
        self._requests: queue.SimpleQueue[Run | None] = queue.SimpleQueue()
        self._wishes: dict[int, Wish] = {}

    def serve(self, started: float) -> None:
        """Do requests until the window wants no more."""
        threading.Thread(target=self._listen, name="listener", daemon=True).start()
        self._courier.reply(Ready(time.monotonic() - started, self._courier.resident))
        while (request := self._requests.get()) is not None:
            self._courier.begin(request.id)
            self._send(request.id, self._do(request))
            self._wishes.pop(request.id, None)

    def _listen(self) -> None:
        """Take requests and wishes; without the window there is nobody to work for."""
        try:
            while True:
                request: Request = pickle.loads(self._connection.recv_bytes())  # noqa: S301 - from our own parent
                if isinstance(request, WishChanged):
                    self._wishes[request.id] = request.wish
                elif isinstance(request, Run):
                    self._requests.put(request)
                else:
                    self._requests.put(None)
        except (EOFError, OSError):
            os._exit(1)

    def _do(self, request: Run) -> Reply:
        context = EngineContext(self._courier, self._wishes, request.id)
        try:
            set_language(request.language)
            function = find_function(request.function)
            if function.tensorflow:
                _import_tensorflow(context)
            return Succeeded(request.id, function.load()(*request.arguments, context))
        except Cancelled:
            return CancelledReply(request.id)
        except UserError as error:
            return Failed(request.id, error)
        except Exception as error:
            if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
                return Failed(request.id, _out_of_memory())
            return Failed(request.id, traceback.format_exc())

    def _send(self, request: int, reply: Reply) -> None:
        try:
            self._courier.reply(reply)
        except (pickle.PicklingError, AttributeError, TypeError):
            self._courier.reply(Failed(request, traceback.format_exc()))


def main(connection: Connection, log: Path | None, parent: int, niceness: int) -> None:
    """Run the child; the target of the process.

    Args:
        connection: the child's end of the pipe.
        log: where everything goes that is printed here; None: nowhere.
        parent: the process that started this one, without which it does not go on.
        niceness: by how much the child steps back behind the window where both want the processor.
    """
    started = time.monotonic()
    _end_with_parent(parent)
    _step_back(niceness)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which then says what it wants
    _redirect_output(log)
    faulthandler.enable()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ["ENABLE_RUNTIME_UPTIME_TELEMETRY"] = "0"
    Child(connection).serve(started)


def _end_with_parent(parent: int) -> None:
    """On Linux the kernel ends the child with the thread that started it, also while it is deep in native code."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _step_back(niceness: int) -> None:
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(niceness)


def _redirect_output(log: Path | None) -> None:
    """Nothing printed here, from Python or native code, may reach the console, where the command line speaks."""
    target = str(log) if log else os.devnull
    handle = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.close(handle)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)


def _import_tensorflow(context: JobContext) -> None:
    if "tensorflow" in sys.modules:
        return
    context.report(PhaseStarted(N_("Starting the engine")))
    import keras  # noqa: F401
    import tensorflow  # noqa: F401

    # Its hundred thousands of objects never go away: without this, each full collection walks over them for 0.16 s.
    gc.collect()
    gc.freeze()


def _out_of_memory() -> UserError:
    return UserError(
        N_("There was not enough memory."),
        N_("Choose a smaller batch size or image size, or close other programs."),
    )
