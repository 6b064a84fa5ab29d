"""Proves a Debian package on a bare Debian: install, self-test, window from its desktop entry, removal.

    sudo python3 packaging/installer/prove_debian.py dist/imgmine_*.deb [--suite bookworm] [--mirror URL] [--out DIR]

Makes a Debian of nothing but its smallest set of packages (debootstrap) in a folder, without a Python, and works in it
with chroot. The screen is an Xvfb of this machine. Needs root and the packages debootstrap, xvfb and imagemagick.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

MOUNTS = (("proc", "proc"), ("sysfs", "sys"), ("devtmpfs", "dev"))
DISPLAY = ":87"
SCREEN = ("-screen", "0", "1440x900x24", "-nolisten", "tcp")
PERSON = "person"
WINDOW_SECONDS = 90
SHOWN_SECONDS = 420
"""In which the demonstration must have trained and shown its predictions."""
HOME = f"/home/{PERSON}"


class Failure(Exception):  # noqa: N818 - says what is the case
    """The package did not do what it must."""


def say(text: str) -> None:
    """One line, with the time."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


def run(command: Sequence[object], quiet: bool = False, **options: object) -> str:
    """Run to the end; returns stdout.

    Raises:
        Failure: it failed.
    """
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    if done.returncode:
        raise Failure(f"{' '.join(map(str, command))}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    if not quiet and done.stdout.strip():
        print(done.stdout.rstrip(), flush=True)
    return str(done.stdout)


class Bare:
    """A Debian in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def make(self, suite: str, mirror: str) -> None:
        """Install the smallest set of packages."""
        run(["debootstrap", "--variant=minbase", suite, self.root, mirror], quiet=True)

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """With the kernel's file systems in it."""
        for kind, place in MOUNTS:
            run(["mount", "-t", kind, kind, self.root / place])
        try:
            yield
        finally:
            for _, place in reversed(MOUNTS):
                subprocess.run(["umount", "--lazy", str(self.root / place)], check=False)

    def command(self, words: Sequence[object], person: bool = False, screen: bool = False) -> list[str]:
        """What runs ``words`` in there, as root or as a person."""
        environ = ["LANG=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", f"HOME={HOME if person else '/root'}"]
        environ += [f"DISPLAY={DISPLAY}"] if screen else []
        who = [f"--userspec={PERSON}:{PERSON}"] if person else []
        start = ["chroot", *who, str(self.root), "/usr/bin/env", "-i", *environ]
        # A folder that the person may write to: what a program makes beside itself must not go unnoticed.
        return [*start, "/bin/sh", "-c", 'cd "$HOME" && exec "$@"', "sh", *map(str, words)]

    def run(self, *words: object, person: bool = False, screen: bool = False, quiet: bool = False) -> str:
        """Run in there to the end; returns stdout."""
        return run(self.command(words, person, screen), quiet)

    def files(self) -> set[str]:
        """The paths of everything that is neither a person's nor the system's own notes of what is installed."""
        skipped = ("home", "proc", "sys", "dev", "tmp", "run", "var/lib/dpkg", "var/lib/apt", "var/cache", "var/log")
        found = set()
        for folder, folders, files in os.walk(self.root):
            here = os.path.relpath(folder, self.root)
            folders[:] = [name for name in folders if os.path.normpath(os.path.join(here, name)) not in skipped]
            found |= {os.path.normpath(os.path.join(here, name)) for name in [*folders, *files]}
        return found


def prove(package: Path, bare: Bare, out: Path) -> None:
    """All of it, in order."""
    apt = ["apt-get", "-o", "APT::Sandbox::User=root", "--yes", "-qq"]
    with bare.mounted():
        bare.run("env", "DEBIAN_FRONTEND=noninteractive", *apt, "update", quiet=True)
        if shutil.which("python3", path=str(bare.root / "usr/bin")):
            raise Failure("this Debian has a Python already")
        bare.run("useradd", "--create-home", PERSON)
        shutil.copyfile(package, bare.root / "tmp" / package.name)
        began = time.monotonic()
        bare.run("env", "DEBIAN_FRONTEND=noninteractive", *apt, "--no-install-recommends", "install",
                 f"/tmp/{package.name}", quiet=True)  # fmt: skip
        say(f"installed in {time.monotonic() - began:.0f} s: {bare.run('imgmine', '--version', person=True).strip()}")
        bare.run("dpkg-query", "--show", "--showformat=Installed-Size: ${Installed-Size} KiB\\n", "imgmine")
        say(f"has no Python: {not shutil.which('python3', path=str(bare.root / 'usr/bin'))}")
        with screen():
            say("self-test as a person, on a screen")
            bare.run("imgmine", "self-test", person=True, screen=True)
            show_window(bare, out)
        remove(bare)


@contextmanager
def screen() -> Iterator[None]:
    """A screen of this machine that reaches into the folder."""
    server = subprocess.Popen(["Xvfb", DISPLAY, *SCREEN], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not Path(f"/tmp/.X11-unix/X{DISPLAY[1:]}").exists():
            if time.monotonic() > deadline:
                raise Failure("Xvfb does not start")
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


def show_window(bare: Bare, out: Path) -> None:
    """Start what the desktop entry names, and the demonstration; a picture of each."""
    entry = (bare.root / "usr/share/applications/imgmine.desktop").read_text("utf-8")
    line = next(line for line in entry.splitlines() if line.startswith("Exec="))
    words = line.removeprefix("Exec=").replace("%F", "").split()
    for name, command, seconds in (("window", words, WINDOW_SECONDS), ("demo", [*words, "demo"], SHOWN_SECONDS)):
        process = subprocess.Popen(bare.command(command, person=True, screen=True))
        try:
            wait_for_picture(bare, out / f"{name}.png", name, seconds, process)
        finally:
            process.terminate()
            process.wait()
            subprocess.run(["chroot", str(bare.root), "pkill", "--uid", PERSON], check=False, capture_output=True)
        say(f"{name}: {out / f'{name}.png'}")


def wait_for_picture(bare: Bare, picture: Path, name: str, seconds: float, process: "subprocess.Popen[bytes]") -> None:
    """Wait until there is something to be seen; of the demonstration, until its run has predictions."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Failure(f"{name}: the program ended with {process.returncode}")
        runs = (bare.root / HOME[1:]).glob("Documents/ImgMine/*.imgmine/runs/*/predictions*")
        if name == "window" or any(runs):
            time.sleep(12)  # for the page to turn, the first heatmap to be made, and a slow machine
            run(["import", "-display", DISPLAY, "-window", "root", picture])
            if len(set(run(["convert", picture, "-unique-colors", "txt:"], quiet=True).splitlines())) > 100:
                return
        time.sleep(2)
    run(["import", "-display", DISPLAY, "-window", "root", picture])
    raise Failure(f"{name}: nothing to be seen after {seconds:.0f} s; see {picture}")


def remove(bare: Bare) -> None:
    """Remove the package; nothing of it is left but what belongs to the person."""
    owned = set(bare.run("dpkg-query", "--listfiles", "imgmine", quiet=True).split())
    before = bare.files()
    bare.run("apt-get", "purge", "--yes", "-qq", "imgmine", quiet=True)
    after = bare.files()
    left = sorted(path for path in after if "imgmine" in path.lower() or (f"/{path}" in owned and path not in before))
    new = sorted(after - before)
    if left or new:
        raise Failure(f"left behind: {[*left, *new][:20]}")
    kept = sorted((bare.root / HOME[1:]).glob("Documents/ImgMine/*.imgmine"))
    if not kept:
        raise Failure("the projects of the person are gone")
    say(f"removed: nothing is left outside of homes; kept there: {', '.join(path.name for path in kept)}")


def main() -> int:
    """Read the arguments, and prove."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("--suite", default="bookworm")
    parser.add_argument("--mirror", default="http://deb.debian.org/debian")
    parser.add_argument("--out", type=Path, default=Path("dist"), help="folder for the pictures")
    parser.add_argument("--root", type=Path, help="a bare Debian made before; it is used up")
    arguments = parser.parse_args()
    folder = arguments.root or Path(tempfile.mkdtemp(prefix="imgmine-debian-"))
    bare = Bare(folder)
    try:
        if arguments.root is None:
            bare.make(arguments.suite, arguments.mirror)
        say(f"bare Debian: {len(run(['chroot', folder, 'dpkg-query', '-f', 'x', '-W'], quiet=True))} packages")
        arguments.out.mkdir(parents=True, exist_ok=True)
        prove(arguments.package, bare, arguments.out.resolve())
    except Failure as failure:
        say(f"FAILED: {failure}")
        return 1
    finally:
        if arguments.root is None and not any(os.path.ismount(folder / place) for _, place in MOUNTS):
            shutil.rmtree(folder)
    say("proven")
    return 0


if __name__ == "__main__":
    sys.exit(main())
