"""Makes the fixture of music: files as other programs write them, with what these read in them.

    pip install mido==1.3.3 scipy==1.17.1 numpy
    python Tests/Fixtures/make_music.py

`music.json` has Standard MIDI Files written by mido as hexadecimal digits, each with its notes (key, velocity, first tick, last tick,
channel, track, program: of one key the note that began first ends first) and the length in seconds by mido; piano rolls pickled by Python in
its protocols; and the same in files of MATLAB written by SciPy, plain and compressed.
"""
import io
import json
import pathlib
import pickle
import random

import mido
import numpy as np
import scipy
import scipy.io


def tune(seed: int, tracks: int, division: int, tempi: bool) -> mido.MidiFile:
  """Random notes in several tracks, with overlaps of one key, programs, and tempi in any track."""
  source = random.Random(seed)
  file = mido.MidiFile(type=1 if tracks > 1 else 0, ticks_per_beat=division)
  for number in range(tracks):
    track = mido.MidiTrack()
    file.tracks.append(track)
    if number == 0:
      track.append(mido.MetaMessage("time_signature", numerator=3, denominator=8, time=0))
    open_keys = []
    for _ in range(25):
      delta = source.choice([0, 0, 1, division // 4, division // 3, division])
      draw = source.random()
      channel = number % 3 if source.random() < 0.9 else 9
      if tempi and draw < 0.1:
        track.append(mido.MetaMessage("set_tempo", tempo=source.randrange(200_000, 900_000), time=delta))
      elif draw < 0.15:
        track.append(mido.Message("program_change", channel=channel, program=source.randrange(128), time=delta))
      elif draw < 0.2:
        track.append(mido.Message("pitchwheel", channel=channel, pitch=source.randrange(-8192, 8191), time=delta))
      elif draw < 0.65 or not open_keys:
        key = source.randrange(55, 62)
        open_keys.append((channel, key))
        track.append(mido.Message("note_on", channel=channel, note=key, velocity=source.randrange(1, 128), time=delta))
      else:
        channel, key = open_keys.pop(source.randrange(len(open_keys)))
        kind = source.choice(["note_on", "note_off"])
        track.append(mido.Message(kind, channel=channel, note=key, velocity=0, time=delta))
    for channel, key in open_keys:
      track.append(mido.Message("note_off", channel=channel, note=key, velocity=0, time=division))
  return file


def notes(file: mido.MidiFile) -> list:
  """Notes of all tracks, the first that began ending first."""
  result = []
  for number, track in enumerate(file.tracks):
    tick, open_notes, programs = 0, {}, [0] * 16
    for message in track:
      tick += message.time
      if message.type == "program_change":
        programs[message.channel] = message.program
      elif message.type == "note_on" and message.velocity > 0:
        note = [message.note, message.velocity, tick, tick, message.channel, number, programs[message.channel]]
        open_notes.setdefault((message.channel, message.note), []).append(note)
        result.append(note)
      elif message.type in ("note_on", "note_off"):
        waiting = open_notes.get((message.channel, message.note))
        if waiting:
          waiting.pop(0)[3] = tick
  return sorted(result, key=lambda note: (note[2], note[5], note[4], note[0], note[3]))


def cells(pieces: list) -> np.ndarray:
  """Pieces as a cell array of matrices [steps, 88]."""
  array = np.empty((1, len(pieces)), dtype=object)
  for index, piece in enumerate(pieces):
    matrix = np.zeros((len(piece), 88), dtype=np.uint8)
    for step, keys in enumerate(piece):
      for key in keys:
        matrix[step, key - 21] = 1
    array[0, index] = matrix
  return array


def main() -> None:
  files = []
  for seed, (tracks, division, tempi) in enumerate([(1, 96, False), (3, 480, True), (4, 24, True), (2, 960, False)]):
    file = tune(seed, tracks, division, tempi)
    buffer = io.BytesIO()
    file.save(file=buffer)
    read = mido.MidiFile(file=io.BytesIO(buffer.getvalue()))
    files.append({"bytes": buffer.getvalue().hex(), "notes": notes(read), "seconds": read.length})
  rolls = {
    "train": [[[60, 64, 67], [], [59, 108]], [[21]]],
    "valid": [[[72], [71, 72]]],
    "test": [[[50, 57, 62, 66]], [[300 % 100 + 21], [60]]],
  }
  pickles = [pickle.dumps(rolls, protocol=protocol).hex() for protocol in range(6)]
  matrices = []
  for compressed in (False, True):
    buffer = io.BytesIO()
    data = {part + "data": cells(pieces) for part, pieces in rolls.items()}
    data["note"] = "kept out"
    scipy.io.savemat(buffer, data, do_compression=compressed)
    matrices.append(buffer.getvalue().hex())
  fixture = {
    "mido": "1.3.3", "scipy": scipy.__version__, "files": files, "rolls": rolls, "pickles": pickles,
    "matrices": matrices, "hostile": b"cos\nsystem\n(S'true'\ntR.".hex(),
  }
  path = pathlib.Path(__file__).parent / "music.json"
  path.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


if __name__ == "__main__":
  main()
