import RecurrentData
import RecurrentFormats
import RecurrentGraph

/// One input of libFuzzer: the first byte picks a reader. An error is a good answer; a crash, a hang or a large allocation
/// is not.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 1 else { return 0 }
  let bytes = Array(UnsafeBufferPointer(start: data + 1, count: count - 1))
  do {
    switch data[0] % 13 {
    case 0: try readAll(SafetensorsFile(bytes: bytes))
    case 1: try readAll(NPZFile(bytes: bytes))
    case 2: try readAll(NPYFile(bytes: bytes))
    case 3: try readAll(TorchFile(bytes: bytes))
    case 4: _ = try ONNXReader.read(bytes: bytes)
    case 5: try run(ONNXReader.read(bytes: bytes))
    case 6: _ = try WaveFile.read(DataBytes(bytes))
    case 7: _ = try GIFFile.read(DataBytes(bytes))
    case 8: _ = try IDXFile(DataBytes(bytes))
    case 9: try readAll(DelimitedFile(DataBytes(bytes)))
    case 10: _ = try JSONLinesFile(DataBytes(bytes))
    case 11: _ = try CoNLLFile(DataBytes(bytes))
    default: _ = try TimeSeriesArchiveFile(DataBytes(bytes))
    }
  } catch {
    let text = "\(error)"
    precondition(!text.isEmpty && !text.contains("\n"), "an error is not one line")
  }
  return 0
}

private func readAll(_ file: some ArrayFile) throws {
  for name in file.names { _ = try file.array(named: name).floats(convertsIntegers: true) }
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
