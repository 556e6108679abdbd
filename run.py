"""Set up .venv from the hash-locked requirements, then run the toolkit inside it.

    python run.py test [ARGUMENT …]     ruff, mypy and pytest; the arguments go to pytest
    python run.py test --quick          the same without office programs, browser, network, other
                                        processes, whole projects and whatever goes through all
                                        of something: for the minutes in between
    python run.py bench [NAME …]        measure how fast it is, against others (docs/performance.md)
    python run.py COMMAND …             the same as: deliverables COMMAND …

Needs nothing but Python 3.11 or newer. An older Python must still be able to read the whole
file, or it could not say that it is too old.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 -- for the older Python that starts this file
    sys.stderr.write(
        f"需要 Python 3.11 或更新的版本，当前版本是 {sys.version.split()[0]}。\n"
        f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.\n"
    )
    sys.exit(2)

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK = "requirements.lock"
TEST_LOCK = "requirements-dev.lock"  # holds all of LOCK and the development tools
# Whatever only a set-up or the tests need is imported there: a command should not wait for it.
PIPS_LAST_LINES = 8
CHECKS = (["ruff", "check", "."], ["ruff", "format", "--check", "."])
BESIDE = ["mypy"]
# Two workers keep two cores busy; each takes a module at a time, in the order of tests/conftest.py.
PYTEST = ["pytest", "-n", "2", "--dist", "loadscope", "--no-loadscope-reorder"]
LEFT_OUT = "office or browser or network or whole_sample or processes or thorough"
QUICK = ["-m", f"not ({LEFT_OUT})", "--hypothesis-profile=quick"]


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Run what `arguments` ask for and return its exit code."""
    testing = arguments[:1] == ["test"]
    lock = TEST_LOCK if testing else LOCK
    if not is_set_up(root, lock):
        code = prepare(root, lock)
        if code:
            return code
    if testing:
        return test(root, arguments[1:])
    if arguments[:1] == ["bench"]:
        measuring = [str(python(root)), "-P", str(root / "benchmarks"), *arguments[1:]]
        return hand_over(measuring, environment(root))
    typed = f'"{sys.argv[0]}"' if " " in sys.argv[0] else sys.argv[0]
    variables = {**environment(root), "DELIVERABLES_STARTED_AS": f"python {typed}"}
    return hand_over([str(python(root)), "-P", "-m", "deliverables", *arguments], variables)


def is_set_up(root: Path, lock: str) -> bool:
    """Return whether .venv holds what `lock` names, as far as its stamp says."""
    try:
        return installed(root) in {fingerprint(root / lock), fingerprint(root / TEST_LOCK)}
    except OSError:
        return False


def prepare(root: Path, lock: str) -> int:
    """Set .venv up, and return 0, or say what went wrong."""
    import sqlite3
    import subprocess

    try:
        set_up(root, lock)
    except KeyboardInterrupt:
        return 130
    except (OSError, sqlite3.Error, subprocess.CalledProcessError, InstallError) as failure:
        tell(f"运行环境没有装好：{failure}")
        tell("Set-up failed; what went wrong stands in the line above. Run the same command again.")
        return 2
    return 0


def set_up(root: Path, lock: str) -> None:
    """Make .venv hold what `lock` names, unless its stamp says that it already does.

    The stamp is removed first and written last: an interrupted set-up is done again.
    """
    needed = fingerprint(root / lock)
    enough = {needed, fingerprint(root / TEST_LOCK)}
    if installed(root) in enough:
        return
    tell("正在准备运行环境，约需一至两分钟… / Setting up .venv, which takes one to two minutes…")
    with alone(root):
        found = installed(root)
        if found in enough:  # another process did it while this one waited
            return
        stamp(root).unlink(missing_ok=True)
        if found != fingerprint(root / LOCK):  # the tests' tools may join a sound environment
            import venv

            clear(root)
            venv.create(root / ".venv", with_pip=True, symlinks=os.name != "nt")
        install(root, lock)
        stamp(root).write_text(needed, encoding="utf-8")


def fingerprint(lock: Path) -> str:
    """Return what the stamp says once `lock` is installed for the Python that runs this."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    return f"Python {sys.version_info.major}.{sys.version_info.minor} {lock.name} {digest}"


def installed(root: Path) -> str:
    """Return the stamp, or nothing where there is none or its Python is gone."""
    sound = stamp(root).exists() and python(root).exists()
    return stamp(root).read_text(encoding="utf-8", errors="replace") if sound else ""


class InstallError(Exception):
    """The packages could not be installed; the last lines of the installer say why."""


def install(root: Path, lock: str) -> None:
    """Install what `lock` names, and see that nothing is missing or at odds with the rest.

    The lock is complete, so that nothing is resolved: some installers take the newest of what
    another package asks for with an extra, and then find it unpinned. Wheels only: a source
    package would fetch build tools that no hash vouches for.
    """
    exact = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(root / lock)]
    pip(root, ["install", "-q", "--no-input", *exact])
    pip(root, ["check"])


def pip(root: Path, arguments: list[str]) -> None:
    """Run the installer that came with Python; raise InstallError with its own last lines."""
    import subprocess

    command = [str(python(root)), "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        said = [line for line in done.stdout.splitlines() if line.strip()]
        last = "\n    ".join(said[-PIPS_LAST_LINES:])
        raise InstallError(f"pip {arguments[0]} ({done.returncode})\n    {last}")


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the sole right to change .venv; the system takes it back however this ends."""
    import sqlite3

    (root / ".venv").mkdir(exist_ok=True)
    with closing(sqlite3.connect(root / ".venv" / "set-up.lock", timeout=900)) as database:
        database.execute("BEGIN EXCLUSIVE")
        yield


def clear(root: Path) -> None:
    """Empty .venv of everything but the lock that is being held."""
    import shutil

    for entry in (root / ".venv").iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif not entry.name.startswith("set-up.lock"):
            entry.unlink()


def test(root: Path, arguments: list[str]) -> int:
    """Run every check, even after one has failed; return the first exit code that is not 0.

    mypy has one processor to itself for long: it works beside the tests and speaks after them.
    """
    import subprocess
    import tempfile

    quick = QUICK if "--quick" in arguments else []
    given = [argument for argument in arguments if argument != "--quick"]
    variables = environment(root)

    def command(words: list[str]) -> list[str]:
        tell(f"== {' '.join(words)}")
        return [str(python(root)), "-m", *words]

    codes = [subprocess.call(command(words), cwd=root, env=variables) for words in CHECKS]
    with tempfile.TemporaryFile() as said:
        beside = subprocess.Popen(
            command(BESIDE), cwd=root, env=variables, stdout=said, stderr=subprocess.STDOUT
        )
        codes.append(subprocess.call(command([*PYTEST, *quick, *given]), cwd=root, env=variables))
        codes.append(beside.wait())
        said.seek(0)
        tell(f"== {' '.join(BESIDE)}\n{said.read().decode('utf-8', 'replace').rstrip()}")
    return next((code for code in codes if code), 0)


def hand_over(command: list[str], variables: dict[str, str]) -> int:
    """Become `command`, so that signals reach it; Windows has no such thing: wait for it there."""
    if os.name == "posix":
        os.execve(command[0], command, variables)  # noqa: S606 -- that no shell is used is the point
    import signal
    import subprocess

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the child, which decides
    return subprocess.call(command, env=variables)


def environment(root: Path) -> dict[str, str]:
    """Return variables under which Python finds the toolkit, keeps bytecode and speaks UTF-8.

    Images of containers often forbid bytecode; then each command would compile all of the toolkit
    anew, and so would each process that a test starts. Where the folder cannot be written, Python
    does without by itself.
    """
    others = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    return {**others, "PYTHONPATH": str(root), "PYTHONUTF8": "1"}


def python(root: Path) -> Path:
    """Return the interpreter of .venv."""
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp(root: Path) -> Path:
    """Return the file that says which lock .venv holds."""
    return root / ".venv" / "stamp"


def tell(line: str) -> None:
    """Say something on stderr; stdout belongs to the results."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
