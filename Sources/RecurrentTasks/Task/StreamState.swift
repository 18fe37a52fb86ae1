/// What a stream keeps of the steps that it has read, by name: enough to go on with, and no more the longer it is.
public struct StreamState: Sendable {
  /// Numbers of the network.
  public var tensors: [(name: String, value: Tensor)]
  /// Counters, and numbers in double precision by their bits.
  public var integers: [(name: String, values: [Int64])]

  /// A state.
  public init(
    tensors: [(name: String, value: Tensor)] = [], integers: [(name: String, values: [Int64])] = []
  ) {
    (self.tensors, self.integers) = (tensors, integers)
  }

  /// All numbers that are kept.
  public var elementCount: Int {
    tensors.reduce(0) { $0 + $1.value.count } + integers.reduce(0) { $0 + $1.values.count }
  }

  /// The tensor of a name. Traps where there is none: the state belongs to another stream.
  public func tensor(_ name: String) -> Tensor {
    guard let value = tensors.first(where: { $0.name == name })?.value else {
      fatalError("StreamState: there is no tensor \"\(name)\"")
    }
    return value
  }

  /// The integers of a name. Traps where there are none: the state belongs to another stream.
  public func integers(_ name: String) -> [Int64] {
    guard let values = integers.first(where: { $0.name == name })?.values else {
      fatalError("StreamState: there are no integers \"\(name)\"")
    }
    return values
  }

  /// This state and another one.
  static func + (a: StreamState, b: StreamState) -> StreamState {
    StreamState(tensors: a.tensors + b.tensors, integers: a.integers + b.integers)
  }
}

extension Double {
  /// The number of these bits.
  init(stored bits: Int64) { self.init(bitPattern: UInt64(bitPattern: bits)) }

  /// The bits.
  var stored: Int64 { Int64(bitPattern: bitPattern) }
}
