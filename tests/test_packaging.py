"""A built wheel holds everything the program needs, and nothing of the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout and unpacked as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("bookiter-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(site: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run(
        [sys.executable, "-m", "bookiter", *arguments], cwd=cwd, env=env, capture_output=True, check=False
    )


def test_the_wheel_brings_prompts_settings_and_the_sample(unpacked: Path) -> None:
    package = unpacked / "bookiter"
    assert {path.name for path in (package / "_data/prompts").iterdir()} == {
        path.name for path in (ROOT / "prompts").iterdir()
    }
    assert (package / "_data/config.yaml").read_bytes() == (ROOT / "config.yaml").read_bytes()
    assert (package / "py.typed").exists()
    assert len(list((package / "sample/chapters").glob("*.md"))) >= 6
    assert not (unpacked / "tests").exists()


def test_the_installed_program_works_away_from_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [sys.executable, "-c", "import bookiter.resources as r; print(r.shipped('prompts'))"],
        env={**os.environ, "PYTHONPATH": str(unpacked)}, capture_output=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert where.stdout.decode().strip() == str(unpacked / "bookiter/_data/prompts")
    made = run(unpacked, "init", "--sample", "story", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    done = run(unpacked, "iterate", "use curly quotes in chapter 6", cwd=tmp_path / "story")
    assert done.returncode == 0, done.stderr
