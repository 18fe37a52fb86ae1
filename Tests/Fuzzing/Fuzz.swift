import RecurrentData
import RecurrentDecoding
import RecurrentFormats
import RecurrentGraph

/// One input of libFuzzer: the first byte picks a reader. An error is a good answer; a crash, a hang or a large allocation
/// is not.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 1 else { return 0 }
  let bytes = Array(UnsafeBufferPointer(start: data + 1, count: count - 1))
  do {
    switch data[0] % 28 {
    case 0: try readAll(SafetensorsFile(bytes: bytes))
    case 1: try readAll(NPZFile(bytes: bytes))
    case 2: try readAll(NPYFile(bytes: bytes))
    case 3: try readAll(TorchFile(bytes: bytes))
    case 4: _ = try ONNXReader.read(bytes: bytes)
    case 5: try run(ONNXReader.read(bytes: bytes))
    case 6: _ = try WaveFile.read(DataBytes(bytes))
    case 7: _ = try GIFFile.read(DataBytes(bytes))
    case 8:
      let file = try IDXFile(DataBytes(bytes))
      for row in 0..<file.shape[0] { _ = file.row(row) }
    case 9: try readAll(DelimitedFile(DataBytes(bytes)))
    case 10:
      let file = try JSONLinesFile(DataBytes(bytes))
      for line in 0..<file.count { _ = try file.object(line) }
    case 11: _ = try CoNLLFile(DataBytes(bytes))
    // behind right checksums: a pickle with a storage of 64 bytes, and an array
    case 13:
      try readAll(
        TorchFile(bytes: archive([("x/data.pkl", bytes), ("x/data/0", [UInt8](repeating: 1, count: 64))])))
    case 15: _ = try FLACFile.read(DataBytes(bytes.starts(with: "fLaC".utf8) ? bytes : sound(bytes)))
    case 16: try readAll(ParallelCorpus(reading: [DataSource(bytes: bytes, name: "x", format: .tmx)]))
    case 17: try readAll(ParallelCorpus(reading: [DataSource(bytes: bytes, name: "x.tsv")]))
    case 14: try readAll(NPZFile(bytes: archive([("a.npy", bytes)])))
    // a model in ARPA's form, KenLM's or our own
    case 18: try score(NGramModel(bytes: bytes))
    case 19: _ = try InkMLFile(DataBytes(bytes))
    case 20: _ = try SVGFile(DataBytes(bytes)).strokes.simplified
    // behind a right checksum: a list of arrays as NumPy pickles it
    case 21: _ = try StrokeArchive(DataBytes(archive([("train.npy", bytes)])))
    case 22: try readAll(RecordSource.drawings([DataSource(bytes: bytes, name: "x.ndjson")]))
    case 23: try lay(MIDIFile(DataBytes(bytes)))
    case 24: _ = try MATFile(bytes: bytes)
    case 25: _ = try PickledLists.read(bytes)
    case 27:
      let file = try HDF5File(bytes: bytes)
      for name in file.names { _ = try? file.array(named: name).floats(convertsIntegers: true) }
    case 26: _ = try MusicFiles([DataSource(bytes: bytes, name: "x.abc")])
    default: _ = try TimeSeriesArchiveFile(DataBytes(bytes))
    }
  } catch {
    let text = "\(error)"
    precondition(!text.isEmpty && !text.contains("\n"), "an error is not one line")
  }
  return 0
}

/// Lays music on grids and writes what has been read.
private func lay(_ file: MIDIFile) throws {
  _ = (file.seconds, file.sustained.count)
  let (piece, _) = try MusicGrid(stepsPerQuarter: 12, usesPedal: true).piece(file, name: "x.mid")
  _ = try MIDIFile(DataBytes(MusicGrid(stepsPerQuarter: 12).file(piece).bytes))
}

/// Asks a model for all of its first words, each after the one before.
private func score(_ model: NGramModel) {
  var state = model.start
  for token in 0..<Int32(min(model.counts.first ?? 0, 40)) { state = model.score(token, after: state).state }
  _ = model.finish(state)
}

private let boundaryNumbers: [Int] = [0, 1, -1, 1 << 31 - 1, 1 << 32, 1 << 62, .max]

@_silgen_name("LLVMFuzzerMutate")
private func mutate(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int) -> Int

/// Every second mutation puts a number at which sizes go wrong: in 1, 2, 4 or 8 bytes of either order, as an integer of a
/// pickle, of Protocol Buffers, or in digits. The rest is libFuzzer's.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutateStructure(
  _ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int, _ seed: UInt32
) -> Int {
  var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
  func next(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(max(limit, 1)))
  }
  guard count > 2, next(2) == 0 else { return mutate(data, count, most) }
  var bytes = Array(UnsafeBufferPointer(start: data, count: count))
  let (place, value) = (1 + next(count - 1), boundaryNumbers[next(boundaryNumbers.count)])
  func little(_ width: Int) -> [UInt8] { (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  let kind = next(5)
  if kind < 2 {
    let width = 1 << next(4)
    let own = kind == 0 ? little(width) : little(width).reversed()
    for (index, byte) in own.enumerated() where place + index < count { bytes[place + index] = byte }
  } else if kind == 2 {
    // an integer of one byte becomes one of eight
    guard let at = bytes[place...].firstIndex(of: UInt8(ascii: "K")), at + 1 < count else {
      return mutate(data, count, most)
    }
    bytes.replaceSubrange(at...at + 1, with: [0x8A, 8] + little(8))
  } else if kind == 3 {
    var (varint, rest) = ([UInt8](), UInt64(bitPattern: Int64(value)))
    while rest >= 0x80 {
      varint.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.replaceSubrange(place...place, with: varint + [UInt8(rest)])
  } else {
    guard let at = bytes[place...].firstIndex(where: { (0x30...0x39).contains($0) }) else {
      return mutate(data, count, most)
    }
    let end = bytes[at...].firstIndex { !(0x30...0x39).contains($0) } ?? count
    bytes.replaceSubrange(at..<end, with: Array("\(value)".utf8))
  }
  let result = bytes.prefix(most)
  for (index, byte) in result.enumerated() { data[index] = byte }
  return result.count
}

/// A zip file of stored parts with right checksums.
private func archive(_ parts: [(name: String, bytes: [UInt8])]) -> [UInt8] {
  func little(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
  }
  var (file, directory) = ([UInt8](), [UInt8]())
  for (name, bytes) in parts {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    let fields =
      little(0, 6) + little(Int(~sum), 4) + little(bytes.count, 4) + little(bytes.count, 4)
      + little(name.utf8.count, 2) + little(0, 2)
    directory +=
      little(0x0201_4B50, 4) + little(0, 6) + fields + little(0, 10) + little(file.count, 4)
      + Array(name.utf8)
    file += little(0x0403_4B50, 4) + little(0, 4) + fields + Array(name.utf8) + bytes
  }
  return file + directory + little(0x0605_4B50, 4) + little(0, 4) + little(parts.count, 2)
    + little(parts.count, 2) + little(directory.count, 4) + little(file.count, 4) + little(0, 2)
}

/// A FLAC file with one frame whose head is right: the first byte chooses channels and bits, the rest are its subframes.
private func sound(_ bytes: [UInt8]) -> [UInt8] {
  let channels = bytes[0] % 11
  let bits = [8, 16, 24, 32][Int(bytes[0] / 11 % 4)]
  let packed = UInt64(8000) << 44 | UInt64(channels < 8 ? channels : 1) << 41 | UInt64(bits - 1) << 36
  let info =
    [0, 16, 255, 255, 0, 0, 0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: packed >> (56 - 8 * $0)) }
  var frame: [UInt8] = [0xFF, 0xF8, 0x60, channels << 4, 0, bytes[0]]
  func checksum(_ polynomial: Int, _ width: Int) -> Int {
    frame.reduce(0) { sum, byte in
      (0..<8).reduce(sum ^ Int(byte) << (width - 8)) { sum, _ in
        (sum << 1 & (1 << width - 1)) ^ (sum >> (width - 1) == 1 ? polynomial : 0)
      }
    }
  }
  frame.append(UInt8(checksum(0x07, 8)))
  frame += bytes.dropFirst()
  let sum = checksum(0x8005, 16)
  return Array("fLaC".utf8) + [0x80, 0, 0, 34] + info + [UInt8](repeating: 0, count: 16) + frame
    + [UInt8(sum >> 8), UInt8(sum & 255)]
}

private func readAll(_ file: some ArrayFile) throws {
  for name in file.names { _ = try file.array(named: name).floats(convertsIntegers: true) }
}

private func readAll(_ records: RecordSource) throws {
  for index in 0..<records.count { _ = try records.record(index) }
}

private func readAll(_ corpus: ParallelCorpus) throws {
  for index in 0..<corpus.count { _ = corpus[index] }
  _ = corpus.gaps
}

private func readAll(_ table: DelimitedFile) throws {
  for record in 0..<table.count {
    for (column, field) in try table.record(record).enumerated() {
      _ = try? table.number(field, record: record, column: column)
      _ = CalendarTime(field)
    }
  }
}

/// Runs a graph on ones for its inputs.
private func run(_ model: ONNXModel) throws {
  let program = try GraphProgram(model)
  var inputs: [String: GraphValue] = [:]
  for info in program.inputs {
    let shape = (info.shape ?? []).map { extent -> Int in
      if case .fixed(let value) = extent { return Int(min(max(value, 0), 8)) }
      return 3
    }
    let count = shape.reduce(1, *)
    guard count <= 1 << 16 else { return }
    let type = info.elementType ?? .f32
    inputs[info.name] =
      type.isFloat
      ? GraphValue(doubles: [Double](repeating: 1, count: count), shape: shape, elementType: type)
      : GraphValue(integers: [Int64](repeating: 1, count: count), shape: shape, elementType: type)
  }
  _ = try program.run(inputs)
}
