"""Makes records of WFDB, EDF, EDF+ and BDF with what other programs read from them.

    pip install wfdb==4.3.1 pyedflib==0.1.42
    python Tests/Fixtures/make_signals.py

Formats that wfdb does not write are written by hand here, and read by it.
"""

import datetime
import json
import struct
import tempfile
from pathlib import Path

import numpy as np
import pyedflib
import wfdb
from safetensors.numpy import save

from fixture_file import FOLDER, with_sorted_metadata

tensors: dict[str, np.ndarray] = {}
options: dict[str, dict] = {}


def keep(case: str, folder: Path, **facts: object) -> None:
  """The files of a folder, and what is in them."""
  for path in sorted(folder.iterdir()):
    tensors[f"{case}/{path.name}"] = np.frombuffer(path.read_bytes(), np.uint8).copy()
  options[case] = {key: value for key, value in facts.items()}


def values(case: str, columns: list[np.ndarray]) -> None:
  for index, column in enumerate(columns):
    tensors[f"{case}/values{index}"] = np.ascontiguousarray(column, np.float32)


def read(case: str, folder: Path, name: str, annotator: str | None = None) -> None:
  record = wfdb.rdrecord(str(folder / name), physical=True, smooth_frames=False)
  columns = record.e_p_signal
  facts: dict[str, object] = {"rate": record.fs, "channels": "|".join(name or f"signal {i + 1}" for i, name in enumerate(record.sig_name))}
  if annotator:
    marks = wfdb.rdann(str(folder / name), annotator)
    rate = marks.fs or record.fs
    facts |= {"symbols": " ".join(marks.symbol), "times": [float(s / rate) for s in marks.sample],
              "notes": "|".join(note.rstrip("\0") for note in marks.aux_note)}
  keep(case, folder, **facts)
  values(case, columns)


def wfdb_cases(random: np.random.Generator) -> None:
  for fmt, gain in (("16", 200.0), ("212", 200.0), ("80", 20.5), ("24", 1e5), ("32", 1e6)):
    with tempfile.TemporaryDirectory() as temporary:
      folder = Path(temporary)
      digital = random.integers(-100, 100, (37, 3))
      digital[5, 1] = {"16": -32768, "212": -2048, "80": -128, "24": -(1 << 23), "32": -(1 << 31)}[fmt]
      if fmt == "212":
        digital[6] = [2047, -2047, -1]
      wfdb.wrsamp(
        "r1", fs=250, units=["mV", "mmHg", "NU"], sig_name=["MLII", "ART line", "Resp"], d_signal=digital,
        fmt=[fmt] * 3, adc_gain=[gain, 10.0, 7.5], baseline=[0, 50, -3], comments=["age: 62", "Dx: AF"],
        write_dir=str(folder))
      read(f"format_{fmt}", folder, "r1")

  def by_hand(case: str, head: str, **files: bytes) -> None:
    with tempfile.TemporaryDirectory() as temporary:
      folder = Path(temporary)
      (folder / "r1.hea").write_text(head)
      for name, data in files.items():
        (folder / name.replace("_", ".")).write_bytes(data)
      read(case, folder, "r1")

  eight = random.integers(-128, 128, 24)
  by_hand("format_61", "r1 2 100 12\nr1.dat 61 100 16 0 0 0 0 a\nr1.dat 61 100/uV 16 0 0 0 0 b\n",
          r1_dat=random.integers(-3000, 3000, 24).astype(">i2").tobytes())
  by_hand("format_160", "r1 1 100 20\nr1.dat 160 100 16 0 0 0 0 a\n",
          r1_dat=random.integers(1, 65536, 20).astype("<u2").tobytes())
  by_hand("format_310", "r1 1 100 15\nr1.dat 310 100 10 0 0 0 0 a\n", r1_dat=random.integers(0, 256, 20).astype("u1").tobytes())
  by_hand("format_311", "r1 1 100 15\nr1.dat 311 100 10 0 0 0 0 a\n", r1_dat=random.integers(0, 256, 20).astype("u1").tobytes())
  # a head without lengths, gains and names; remarks, blank lines, counters, a base time and a long description
  by_hand("bare_head", "# before\nr1 2\nr1.dat 16\nr1.dat 16\n", r1_dat=random.integers(-999, 999, 20).astype("<i2").tobytes())
  by_hand(
    "full_head",
    "r1 3 360/360.5(12) 8 12:30:05.5 24/12/1999\n\n"
    f"r1.dat 16+6 200.5(-12)/uV 12 3 {eight[0]} 0 0 ECG lead  II\n"
    "r1.dat 16+6 0 0\nother.dat 80 1e1(4)/mmHg 8 0 0 0 0 ABP\n# Reason: a test\n",
    r1_dat=b"before" + random.integers(-999, 999, 16).astype("<i2").tobytes(),
    other_dat=random.integers(1, 256, 8).astype("u1").tobytes())
  # one signal four times as fast, and one that is two frames late
  by_hand("fast_signal", "r1 2 50 9\nr1.dat 16x4 100 16 0 0 0 0 ECG\nr1.dat 16 10 16 0 0 0 0 Resp\n",
          r1_dat=random.integers(-999, 999, 45).astype("<i2").tobytes())
  by_hand("skew", "r1 2 50 9\nr1.dat 16 100 16 0 0 0 0 a\nr1.dat 16:2 100 16 0 0 0 0 b\n",
          r1_dat=random.integers(-999, 999, 18).astype("<i2").tobytes())

  with tempfile.TemporaryDirectory() as temporary:
    folder = Path(temporary)
    for name, signals in (("s1", ["a", "b"]), ("s2", ["b"]), ("s3", ["a", "b"])):
      wfdb.wrsamp(name, fs=100, units=["mV"] * len(signals), sig_name=signals, d_signal=random.integers(-99, 99, (10, len(signals))),
                  fmt=["16"] * len(signals), adc_gain=[100.0] * len(signals), baseline=[0] * len(signals), write_dir=str(folder))
    (folder / "lay.hea").write_text("lay 2 100 0\n~ 0 100(0)/mV 0 0 0 0 0 a\n~ 0 100(0)/mV 0 0 0 0 0 b\n")
    (folder / "r1.hea").write_text("r1/5 2 100 37\nlay 0\ns1 10\n~ 7\ns2 10\ns3 10\n")
    record = wfdb.rdrecord(str(folder / "r1"))
    keep("segments", folder, rate=record.fs, channels="|".join(record.sig_name))
    values("segments", list(record.p_signal.T))

  with tempfile.TemporaryDirectory() as temporary:
    folder = Path(temporary)
    wfdb.wrsamp("r1", fs=360, units=["mV"], sig_name=["MLII"], p_signal=random.normal(0, 1, (4000, 1)), fmt=["212"], write_dir=str(folder))
    sample = np.array([3, 18, 77, 370, 372, 2500, 2900, 3999])
    wfdb.wrann("r1", "atr", sample, ["+", "N", "V", "~", "N", "+", "A", '"'], fs=360, write_dir=str(folder),
               aux_note=["(N", "", "", "", "", "(AFIB", "", "end of the night"])
    read("annotations", folder, "r1", "atr")
  with tempfile.TemporaryDirectory() as temporary:
    folder = Path(temporary)
    wfdb.wrsamp("r1", fs=360, units=["mV"], sig_name=["MLII"], p_signal=random.normal(0, 1, (40000, 1)), fmt=["16"], write_dir=str(folder))
    wfdb.wrann("r1", "qrs", np.array([5, 9000, 39999]), ["N", "[", "]"], num=np.array([1, 2, 0]), subtype=np.array([0, 3, 3]),
               chan=np.array([0, 1, 1]), fs=360, write_dir=str(folder))
    read("intervals", folder, "r1", "qrs")
  table = wfdb.io.annotation.ann_label_table
  beats = [s for s, v in zip(table["symbol"], table["label_store"]) if wfdb.io.annotation.is_qrs[int(v)]]
  options["codes"] = {"beats": " ".join(sorted(beats))}


def edf_cases(random: np.random.Generator) -> None:
  def write(case: str, kind: int, rates: list[int], marks: list[tuple[float, float, str]], count: int = 4) -> Path:
    folder = Path(tempfile.mkdtemp())
    path = folder / ("r.bdf" if kind in (pyedflib.FILETYPE_BDF, pyedflib.FILETYPE_BDFPLUS) else "r.edf")
    writer = pyedflib.EdfWriter(str(path), len(rates), file_type=kind)
    writer.setStartdatetime(datetime.datetime(2020, 2, 3, 4, 5, 6))
    limit = 8388607 if path.suffix == ".bdf" else 32767
    for index, rate in enumerate(rates):
      writer.setSignalHeader(index, {
        "label": f"EEG {index}", "dimension": "uV", "sample_frequency": rate, "physical_min": -250.5 - index,
        "physical_max": 250.5, "digital_min": -limit - 1, "digital_max": limit, "transducer": "", "prefilter": ""})
    for _ in range(count):
      for rate in rates:
        writer.writePhysicalSamples(random.uniform(-250, 250, rate))
    for onset, duration, text in marks:
      writer.writeAnnotation(onset, duration, text)
    writer.close()
    reader = pyedflib.EdfReader(str(path))
    columns = [reader.readSignal(i) for i in range(len(rates))]
    onsets, durations, texts = reader.readAnnotations()
    rate = [float(reader.getSampleFrequency(i)) for i in range(len(rates))]
    labels = reader.getSignalLabels()
    reader.close()
    keep(case, folder, rate=max(rate), rates=rate, channels="|".join(labels), times=[float(x) for x in onsets],
         durations=[max(0.0, float(x)) for x in durations], symbols="|".join(texts))
    values(case, columns)
    return path

  marks = [(0.5, 1.0, "Sleep stage W"), (1.5, 2.0, "Sleep stage 1"), (2.25, -1, "Atemzug \u00fc"), (3.5, 0.25, "seizure")]
  write("edf", pyedflib.FILETYPE_EDF, [20, 20], [])
  write("edf_plus", pyedflib.FILETYPE_EDFPLUS, [20, 5, 1], marks)
  write("bdf", pyedflib.FILETYPE_BDF, [10, 20], [])
  write("bdf_plus", pyedflib.FILETYPE_BDFPLUS, [10], marks)

  # with gaps: two records of data a second apart, then three seconds nothing
  def field(text: object, width: int) -> bytes:
    return str(text).encode().ljust(width)[:width]

  signal = random.integers(-2048, 2048, (3, 10)).astype("<i2")
  starts = [0.5, 1.5, 5.5]
  texts = ["", "\x14seizure", "\x14"]
  head = field("0", 8) + field("X X X X", 80) + field("Startdate 03-FEB-2020 X X X", 80) + field("03.02.20", 8) + field("04.05.06", 8)
  head += field(768, 8) + field("EDF+D", 44) + field(3, 8) + field(1, 8) + field(2, 4)
  for values_, width in ((("EEG", "EDF Annotations"), 16), (("", ""), 80), (("uV", ""), 8), ((-100, -1), 8), ((100, 1), 8),
                         ((-2048, -32768), 8), ((2047, 32767), 8), (("", ""), 80), ((10, 30), 8), (("", ""), 32)):
    head += b"".join(field(v, width) for v in values_)
  data = b""
  for row, start, text in zip(signal, starts, texts):
    tal = f"+{start}\x14\x14\0".encode()
    if "seizure" in text:
      tal += b"+2\x15" + b"0.5\x14seizure\x14\0"
    data += row.tobytes() + tal.ljust(60, b"\0")
  folder = Path(tempfile.mkdtemp())
  (folder / "r.edf").write_bytes(head + data)
  physical = (signal + 2048.0) * (200 / 4095) - 100
  expected = np.full(60, np.nan)
  for row, start in zip(physical, starts):
    first = int(round((start - 0.5) * 10))
    expected[first:first + 10] = row
  keep("edf_gaps", folder, rate=10, rates=[10.0], channels="EEG", times=[1.5], durations=[0.5], symbols="seizure")
  values("edf_gaps", [expected])

  # triggers of BioSemi
  status = np.array([0, 0, 5, 5, 0, 0, 7, 7, 0, 9], np.int64) | 0x30000
  head = b"\xffBIOSEMI" + field("", 80) + field("", 80) + field("03.02.20", 8) + field("04.05.06", 8)
  head += field(768, 8) + field("24BIT", 44) + field(1, 8) + field(1, 8) + field(2, 4)
  for values_, width in ((("A1", "Status"), 16), (("", ""), 80), (("uV", "Boolean"), 8), ((-262144, -8388608), 8), ((262143, 8388607), 8),
                         ((-8388608, -8388608), 8), ((8388607, 8388607), 8), (("", ""), 80), ((10, 10), 8), (("", ""), 32)):
    head += b"".join(field(v, width) for v in values_)
  wave = random.integers(-(1 << 23), 1 << 23, 10)
  data = b"".join(int(v).to_bytes(3, "little", signed=True) for v in wave) + b"".join(int(v).to_bytes(3, "little") for v in status)
  folder = Path(tempfile.mkdtemp())
  (folder / "r.bdf").write_bytes(head + data)
  keep("bdf_triggers", folder, rate=10, rates=[10.0], channels="A1", times=[0.2, 0.6, 0.9], durations=[0, 0, 0],
       symbols="trigger 5|trigger 7|trigger 9")
  values("bdf_triggers", [(wave + 8388608.0) * (524287 / 16777215) - 262144])


def main() -> None:
  random = np.random.default_rng(11)
  wfdb_cases(random)
  edf_cases(random)
  metadata = {"format": "pt", "cases": json.dumps(options, sort_keys=True)}
  data = with_sorted_metadata(save({key: tensors[key] for key in sorted(tensors)}, metadata=metadata))
  (FOLDER / "signals.safetensors").write_bytes(data)
  print(f"signals.safetensors: {len(options)} cases, {len(data)} bytes")


if __name__ == "__main__":
  main()
