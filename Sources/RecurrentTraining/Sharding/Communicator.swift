/// Several processes, or threads, that train one model together: ranks, numbered from 0.
///
/// All ranks call the same methods in the same order, from any thread but never from two at once; each call returns when the others have
/// taken part in it. A communicator carries bytes and computes nothing, so that which one it is never shows in a result.
public protocol Communicator: Sendable {
  /// The number of this rank.
  var rank: Int { get }
  /// N: how many there are.
  var size: Int { get }
  /// The name of the machine that this rank runs on, for messages.
  var host: String { get }

  /// Gives every rank a part and gets one of each (`MPI_Alltoall`).
  ///
  /// - Parameters:
  ///   - parts: N parts of equal size, that of rank 0 first.
  ///   - received: as many bytes: the parts that all ranks have for this one, that of rank 0 first.
  /// - Throws: ``CommunicationError``.
  func exchange(_ parts: UnsafeRawBufferPointer, into received: UnsafeMutableRawBufferPointer) throws

  /// Gets what all ranks give (`MPI_Allgather`).
  ///
  /// - Parameters:
  ///   - part: as many bytes on every rank.
  ///   - received: N times as many: those of all ranks, that of rank 0 first.
  /// - Throws: ``CommunicationError``.
  func gather(_ part: UnsafeRawBufferPointer, into received: UnsafeMutableRawBufferPointer) throws

  /// Ends all ranks, because this one cannot go on: the others would wait for it for ever.
  func abort(_ reason: String)
}

/// One rank alone: an ordinary process.
public struct SoloCommunicator: Communicator {
  /// 0.
  public var rank: Int { 0 }
  /// 1.
  public var size: Int { 1 }
  /// This machine.
  public var host: String { "this machine" }

  /// One rank alone.
  public init() {}

  /// Gives its part to itself.
  public func exchange(_ parts: UnsafeRawBufferPointer, into received: UnsafeMutableRawBufferPointer) {
    received.copyMemory(from: parts)
  }

  /// Gets its own part.
  public func gather(_ part: UnsafeRawBufferPointer, into received: UnsafeMutableRawBufferPointer) {
    received.copyMemory(from: part)
  }

  /// Nobody waits.
  public func abort(_ reason: String) {}
}

extension Communicator {
  /// What all ranks give, of any length.
  ///
  /// - Throws: ``CommunicationError``.
  public func gather(_ bytes: [UInt8]) throws -> [[UInt8]] {
    if size == 1 { return [bytes] }
    let lengths = try gatherValues([UInt64(bytes.count)]).map { Int($0) }
    let longest = Swift.max(lengths.max() ?? 0, 1)
    let padded = bytes + [UInt8](repeating: 0, count: longest - bytes.count)
    let all = try gatherValues(padded)
    return lengths.indices.map { Array(all[$0 * longest..<$0 * longest + lengths[$0]]) }
  }

  /// What rank 0 gives, of any length; what others give is not looked at.
  ///
  /// - Throws: ``CommunicationError``.
  public func broadcast(_ bytes: [UInt8]) throws -> [UInt8] {
    try gather(rank == 0 ? bytes : [])[0]
  }

  /// Plain values of all ranks, as many of each.
  func gatherValues<T: BitwiseCopyable>(_ values: [T]) throws -> [T] {
    guard let filler = values.first, size > 1 else { return values }
    var result = [T](repeating: filler, count: values.count * size)
    try values.withUnsafeBytes { part in
      try result.withUnsafeMutableBytes { try gather(part, into: $0) }
    }
    return result
  }

  /// A part for each rank, and a part of each; as many values in all of them.
  func exchangeValues<T: BitwiseCopyable>(_ values: [T]) throws -> [T] {
    guard let filler = values.first, size > 1 else { return values }
    var result = [T](repeating: filler, count: values.count)
    try values.withUnsafeBytes { parts in
      try result.withUnsafeMutableBytes { try exchange(parts, into: $0) }
    }
    return result
  }
}

/// Why ranks cannot go on together.
public enum CommunicationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What carries the bytes has failed.
  case failed(rank: Int, host: String, reason: String)
  /// A rank has something else than rank 0; the text says what.
  case differs(rank: Int, host: String, what: String)

  /// What happened, with the rank and its host.
  public var description: String {
    switch self {
    case .failed(let rank, let host, let reason): "rank \(rank) on \(host): \(reason)"
    case .differs(let rank, let host, let what):
      "rank \(rank) on \(host) \(what); all ranks have to read the same data with the same settings and program"
    }
  }
}
