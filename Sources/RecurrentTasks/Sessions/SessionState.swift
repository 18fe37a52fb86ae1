/// What a session keeps of the steps that it has read, by name: enough to go on with, and no more the longer it is.
public struct SessionState: Sendable {
  /// Numbers of the network.
  public var tensors: [(name: String, value: Tensor)]
  /// Counters, and numbers in double precision by their bits.
  public var integers: [(name: String, values: [Int64])]
  /// Texts.
  public var texts: [String: String]
  /// The file that it stood in, for errors.
  private var place = "<state>"

  /// A state.
  public init(
    tensors: [(name: String, value: Tensor)] = [], integers: [(name: String, values: [Int64])] = [],
    texts: [String: String] = [:]
  ) {
    (self.tensors, self.integers, self.texts) = (tensors, integers, texts)
  }

  /// All numbers that are kept.
  public var elementCount: Int {
    tensors.reduce(0) { $0 + $1.value.count } + integers.reduce(0) { $0 + $1.values.count }
  }

  /// This state and another one.
  static func + (a: SessionState, b: SessionState) -> SessionState {
    var sum = a
    sum.tensors += b.tensors
    sum.integers += b.integers
    sum.texts.merge(b.texts) { $1 }
    return sum
  }

  /// Adds another state.
  static func += (a: inout SessionState, b: SessionState) { a = a + b }
}

// MARK: Parts

extension SessionState {
  /// That a state is not what a session needs.
  func damaged(_ reason: String) -> InterchangeError { .notAState(path: place, reason: reason) }

  /// Throws where the parts do not fit each other.
  func check(_ isWhole: Bool, _ reason: @autoclosure () -> String) throws(InterchangeError) {
    if !isWhole { throw damaged(reason()) }
  }

  /// The tensor of a name; nil where there is none.
  func optional(_ name: String) -> Tensor? { tensors.first { $0.name == name }?.value }

  /// The tensor of a name in a shape.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)``.
  func tensor(_ name: String, _ shape: [Int]) throws(InterchangeError) -> Tensor {
    guard let tensor = optional(name), tensor.shape == shape else {
      throw damaged("it has no \"\(name)\" of the shape \(shape)")
    }
    return tensor
  }

  /// The numbers of a tensor that is rows of a width, any number of them up to a limit.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)``.
  func rows(_ name: String, width: Int, atMost limit: Int) throws(InterchangeError) -> [Float] {
    guard let tensor = optional(name), width == 0 ? tensor.count == 0 : tensor.count % width == 0,
      tensor.count <= clampedProduct(limit, width)
    else { throw damaged("it has no \"\(name)\" of rows of \(width) numbers, at most \(limit)") }
    return tensor.scalars
  }

  /// The integers of a name.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)``.
  func integers(_ name: String) throws(InterchangeError) -> [Int64] {
    guard let values = integers.first(where: { $0.name == name })?.values else {
      throw damaged("it has no integers \"\(name)\"")
    }
    return values
  }

  /// So many integers of a name within bounds.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)``.
  func integers(
    _ name: String, count: Int, in bounds: ClosedRange<Int> = 0...1 << 60
  ) throws(InterchangeError) -> [Int] {
    let values = try integers(name).map { Int(clamping: $0) }
    guard values.count == count, values.allSatisfy({ bounds.contains($0) }) else {
      throw damaged(
        "\"\(name)\" is not \(count) integers from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return values
  }
}

// MARK: Files

extension SessionState {
  /// Reads a state that was written with the model of a hash.
  ///
  /// - Throws: ``InterchangeError`` where it is no state, or that of another model; or a format error.
  public init(path: String, model hash: String) throws {
    let file = try StateFile(path: path, model: hash)
    self.init(tensors: file.tensors, integers: file.integers, texts: file.notes)
    place = path
  }

  /// Reads a state from the bytes of a file that was written with the model of a hash.
  ///
  /// - Throws: ``InterchangeError`` where it is no state, or that of another model; or a format error.
  public init(bytes: [UInt8], model hash: String) throws {
    let file = try StateFile(bytes: bytes, model: hash)
    self.init(tensors: file.tensors, integers: file.integers, texts: file.notes)
  }

  /// The bytes of the file of the state for the model of a hash.
  ///
  /// - Throws: ``FormatError``.
  public func bytes(model hash: String) throws(FormatError) -> [UInt8] {
    try StateFile(model: hash, tensors: tensors, integers: integers, notes: texts).bytes()
  }

  /// Writes the state for the model of a hash, atomically.
  ///
  /// - Throws: ``FormatError``.
  public func write(to path: String, model hash: String) throws(FormatError) {
    try StateFile(model: hash, tensors: tensors, integers: integers, notes: texts).write(to: path)
  }
}
