"""Makes a list of arrays as NumPy keeps it in an `.npz` file: three drawings of sketch-rnn's form, in types of several kinds.

    python Tests/Fixtures/make_drawings.py

Needs the version pinned in Benchmarks/requirements.txt, numpy 2.4.6. README.md beside this script describes the file.
"""

from pathlib import Path

import numpy

drawings = [
  numpy.array([[0, 0, 0], [3, 4, 1], [-1, 2, 0], [5, 0, 1]], numpy.int16),
  numpy.array([[1, 1, 0], [300, -200, 1]], ">i4"),
  numpy.asfortranarray(numpy.array([[0.5, 0.25, 0], [-1.5, 2, 1]], numpy.float32)),
]
objects = numpy.empty(len(drawings), object)
objects[:] = drawings
path = Path(__file__).resolve().parent / "drawings.npz"
numpy.savez_compressed(path, train=objects, valid=objects[:1])
print(f"{path.name}: {path.stat().st_size} bytes")
