"""Writes a wheel of the package with a shared library inside, with nothing but Python's own library.

    python make_wheel.py LIBRARY OUTPUT_FOLDER
"""

from __future__ import annotations

import base64
import hashlib
import platform
import re
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def version() -> str:
    """The version of the library's sources."""
    source = HERE.parent / "Sources" / "RecurrentTasks" / "RecurrentVersion.swift"
    found = re.search(r'current = "([^"]+)"', source.read_text())
    if not found:
        raise SystemExit(f"{source}: names no version")
    return found[1]


def tag(library: bytes) -> str:
    """The platform: that of the newest interface of the C library that the library asks for."""
    machine = platform.machine()
    if sys.platform == "darwin":
        return f"macosx_15_0_{machine}"
    needed = [int(number) for number in re.findall(rb"GLIBC_2\.(\d+)", library)]
    return f"manylinux_2_{max(needed, default=17)}_{machine}"


def metadata(number: str) -> str:
    """METADATA, from pyproject.toml and the README."""
    project = (HERE / "pyproject.toml").read_text()

    def value(name: str) -> str:
        found = re.search(rf'^{name} = "([^"]+)"', project, re.MULTILINE)
        if not found:
            raise SystemExit(f"pyproject.toml: has no {name}")
        return found[1]

    return "\n".join(
        [
            "Metadata-Version: 2.1",
            f"Name: {value('name')}",
            f"Version: {number}",
            f"Summary: {value('description')}",
            f"License: {value('license')}",
            f"Requires-Python: {value('requires-python')}",
            "Requires-Dist: numpy>=1.24",
            "Provides-Extra: torch",
            'Requires-Dist: torch>=2.4; extra == "torch"',
            "Provides-Extra: pandas",
            'Requires-Dist: pandas; extra == "pandas"',
            "Description-Content-Type: text/markdown",
            "",
            (HERE / "README.md").read_text(),
        ]
    )


def write(library: Path, folder: Path) -> Path:
    """Writes the wheel, the same bytes for the same files, and returns its path."""
    number, content = version(), library.read_bytes()
    platform_tag = tag(content)
    ending = "dylib" if sys.platform == "darwin" else "so"
    info = f"recurrent-{number}.dist-info"
    files: dict[str, bytes] = {
        str(path.relative_to(HERE)): path.read_bytes()
        for path in sorted((HERE / "recurrent").rglob("*"))
        if path.suffix in (".py", ".typed") or path.name == "py.typed"
    }
    files[f"recurrent/librecurrent.{ending}"] = content
    files[f"{info}/METADATA"] = metadata(number).encode()
    files[f"{info}/licenses/LICENSE"] = (HERE.parent / "LICENSE").read_bytes()
    files[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: recurrent\nRoot-Is-Purelib: false\nTag: py3-none-{platform_tag}\n"
    ).encode()
    record = []
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record.append(f"{name},sha256={digest},{len(data)}")
    record.append(f"{info}/RECORD,,")
    files[f"{info}/RECORD"] = ("\n".join(record) + "\n").encode()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"recurrent-{number}-py3-none-{platform_tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return path


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    print(write(Path(sys.argv[1]), Path(sys.argv[2])))
