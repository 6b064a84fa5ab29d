"""Nothing leaves the machine: the kernel counts what has no way out, in a place that has none."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
# What the kernel could not send, as each of its protocols counts it, after the work is done.
COUNT = """
import json
def counted(name):
    lines = [line.split() for line in open(f"/proc/net/{name}")]
    if name == "snmp6":
        return {line[0]: int(line[1]) for line in lines}
    return {f"{a[0]}{key}": int(value) for a, b in zip(lines[::2], lines[1::2]) for key, value in zip(a[1:], b[1:])}
told = {**counted("snmp"), **counted("snmp6")}
wanted = ("Ip:OutNoRoutes", "Ip:OutRequests", "Ip6OutNoRoutes", "Ip6OutRequests", "Udp:OutDatagrams", "Tcp:ActiveOpens")
print(json.dumps({name: told[name] for name in wanted}))
"""
ASK = """
import socket
for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(family, kind) as one:
            one.connect_ex((address, 80))
"""
WORK = """
import tempfile
from contextlib import closing
from pathlib import Path
from imgmine_gui.commands.trials import Trials
from imgmine_gui.gui.self_check import open_and_close
if __name__ == "__main__":
    open_and_close()
    with tempfile.TemporaryDirectory() as folder, closing(Trials(Path(folder))) as trials:
        trials.check_engine()
        trials.train("classification", "cnn")
        trials.predict("classification", "cnn")
"""


def sent_by(script: str, folder: Path) -> int:
    """How often a script tried to reach another machine."""
    file = folder / "script.py"
    file.write_text(script + COUNT, "utf-8")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(REPOSITORY)}
    command = ["unshare", "--map-root-user", "--net", sys.executable, str(file)]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    counts: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return sum(counts.values())


@pytest.fixture(scope="module", autouse=True)
def no_way_out() -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("a network without a way out can be made on Linux only")
    asked = subprocess.run(["unshare", "--map-root-user", "--net", "true"], capture_output=True, check=False)
    if asked.returncode:
        pytest.skip("this system lets nobody make a network of their own")


def test_an_attempt_is_counted(tmp_path: Path) -> None:
    assert sent_by(ASK, tmp_path) >= 2


def test_window_engine_training_and_prediction_ask_nobody(tmp_path: Path) -> None:
    assert sent_by(WORK, tmp_path) == 0
