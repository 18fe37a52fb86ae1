/// One array to be written to a file.
public struct ArrayEntry: Sendable {
  /// Takes a part of the bytes of a tensor.
  public typealias Sink = (UnsafeRawBufferPointer) throws(FormatError) -> Void

  /// The name of the tensor.
  public let name: String
  /// The type of its elements.
  public let dataType: ElementType
  /// The extent of each axis; empty for a scalar.
  public let shape: [Int]
  let stream: @Sendable (Sink) throws(FormatError) -> Void

  /// A tensor whose bytes, row-major and little-endian, `stream` hands over part by part while the file is
  /// written.
  ///
  /// Nothing larger than a part need be in memory. The parts together must have the size that shape and type
  /// ask for.
  public init(
    name: String, dataType: ElementType, shape: [Int],
    stream: @escaping @Sendable (Sink) throws(FormatError) -> Void
  ) {
    self.name = name
    self.dataType = dataType
    self.shape = shape
    self.stream = stream
  }

  /// A tensor given by its bytes, row-major and little-endian.
  public init(name: String, dataType: ElementType, shape: [Int], bytes: [UInt8]) {
    self.init(name: name, dataType: dataType, shape: shape) { (sink) throws(FormatError) in
      try bytes.withUnsafeBufferPointer { (buffer) throws(FormatError) in
        try sink(UnsafeRawBufferPointer(buffer))
      }
    }
  }

  /// A tensor of single-precision floats, row-major.
  public init(name: String, shape: [Int], floats: [Float]) {
    self.init(name: name, dataType: .f32, shape: shape) { (sink) throws(FormatError) in
      try emit(floats, to: sink) { $0.bitPattern }
    }
  }

  /// A tensor of single-precision floats, row-major, that are asked for when their turn comes to be written.
  public init(name: String, shape: [Int], floats: @escaping @Sendable () -> [Float]) {
    self.init(name: name, dataType: .f32, shape: shape) { (sink) throws(FormatError) in
      try emit(floats(), to: sink) { $0.bitPattern }
    }
  }

  /// A tensor of half-precision floats, each rounded to the nearest; what is too large becomes infinite.
  public init(name: String, shape: [Int], roundingToHalf floats: [Float]) {
    self.init(name: name, dataType: .f16, shape: shape) { (sink) throws(FormatError) in
      try emit(floats, to: sink) { halfBits($0) }
    }
  }

  /// A tensor of bfloat16 numbers, each rounded to the nearest.
  public init(name: String, shape: [Int], roundingToBrainFloat floats: [Float]) {
    self.init(name: name, dataType: .bf16, shape: shape) { (sink) throws(FormatError) in
      try emit(floats, to: sink) { brainFloatBits($0) }
    }
  }

  /// A tensor of signed 64-bit integers, row-major.
  public init(name: String, shape: [Int], integers: [Int64]) {
    self.init(name: name, dataType: .i64, shape: shape) { (sink) throws(FormatError) in
      try emit(integers, to: sink) { $0 }
    }
  }

  /// A tensor of signed 32-bit integers, row-major.
  public init(name: String, shape: [Int], integers: [Int32]) {
    self.init(name: name, dataType: .i32, shape: shape) { (sink) throws(FormatError) in
      try emit(integers, to: sink) { $0 }
    }
  }

  /// A tensor of truth values, row-major.
  public init(name: String, shape: [Int], truths: [Bool]) {
    self.init(name: name, dataType: .bool, shape: shape) { (sink) throws(FormatError) in
      try emit(truths, to: sink) { $0 ? UInt8(1) : 0 }
    }
  }
}

extension ArrayEntry {
  /// Verifies that the parts had the size that shape and type ask for.
  func check(found: Int, path: String) throws(FormatError) {
    let expected = dataType.byteCount(of: shape) ?? 0
    guard found == expected else {
      throw .byteCountMismatch(path: path, name: name, expected: expected, found: found)
    }
  }
}

/// Hands the little-endian bits of `values` to `sink` in parts, so that a large tensor needs no second copy.
private func emit<Value, Bits: FixedWidthInteger>(
  _ values: [Value], to sink: ArrayEntry.Sink, _ bits: (Value) -> Bits
) throws(FormatError) {
  let partCount = 16_384
  var part: [Bits] = []
  part.reserveCapacity(min(values.count, partCount))
  var start = 0
  while start < values.count {
    let end = min(values.count, start + partCount)
    part.removeAll(keepingCapacity: true)
    for index in start..<end { part.append(bits(values[index]).littleEndian) }
    try part.withUnsafeBufferPointer { (buffer) throws(FormatError) in
      try sink(UnsafeRawBufferPointer(buffer))
    }
    start = end
  }
}
