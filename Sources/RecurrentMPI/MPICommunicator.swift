import CRecurrentMPI
import RecurrentTraining

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The ranks that `mpirun` has started. There is one of it in a process; threads may call it, but no two at once.
///
/// Every error of MPI is thrown with the rank and its host; whoever throws it is to call ``abort(_:)``, or the others wait.
public struct MPICommunicator: Communicator {
  /// The number of this rank.
  public let rank: Int
  /// How many there are.
  public let size: Int
  /// How many of them run on this machine.
  public let localSize: Int
  /// The name of this machine.
  public let host: String

  /// The most bytes of a part of one call; counts of MPI have 32 bits.
  private static let mostBytes = 1 << 30

  /// Whether this program was built with MPI.
  public static var isBuilt: Bool { rm_is_built() == 1 }

  /// Whether a launcher has started this process as one of several ranks; it says so in the environment.
  public static var isLaunched: Bool {
    let names: [String] = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK"]
    return names.contains { getenv($0) != nil }
  }

  /// The processors that this process may use, a bit for each; empty where the system does not say.
  public static var affinity: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 128) { buffer, count in
      count = Int(rm_affinity(buffer.baseAddress, Int32(buffer.count)))
    }
  }

  /// Begins. Traps where the program was built without MPI.
  ///
  /// - Throws: ``CommunicationError``.
  public init() throws {
    guard MPICommunicator.isBuilt else {
      fatalError("MPICommunicator: the program was built without the trait MPI")
    }
    var name = [CChar](repeating: 0, count: 256)
    rm_host(&name, Int32(name.count))
    let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try MPICommunicator.check(rm_init(), rank: 0, host: host)
    var (rank, size, localSize): (Int32, Int32, Int32) = (0, 1, 1)
    try MPICommunicator.check(rm_ranks(&rank, &size, &localSize), rank: 0, host: host)
    (self.rank, self.size, self.localSize) = (Int(rank), Int(size), Int(localSize))
    self.host = host
  }

  /// Gives every rank a part and gets one of each.
  public func exchange(_ parts: UnsafeRawBufferPointer, into received: UnsafeMutableRawBufferPointer) throws {
    try inPieces(of: parts.count / size, parts, received, partStride: parts.count / size) {
      rm_alltoall($0, $1, $2)
    }
  }

  /// Gets what all ranks give.
  public func gather(_ part: UnsafeRawBufferPointer, into received: UnsafeMutableRawBufferPointer) throws {
    try inPieces(of: part.count, part, received, partStride: nil) { rm_allgather($0, $1, $2) }
  }

  /// Calls MPI on pieces that its counts can tell.
  ///
  /// - Parameters:
  ///   - length: the bytes of each rank.
  ///   - given: one part, or a part for each rank every `partStride` bytes.
  ///   - received: a part of each rank.
  private func inPieces(
    of length: Int, _ given: UnsafeRawBufferPointer, _ received: UnsafeMutableRawBufferPointer,
    partStride: Int?, _ call: (UnsafeRawPointer?, UnsafeMutableRawPointer?, Int64) -> Int32
  ) throws {
    if length <= MPICommunicator.mostBytes / size {
      return try check(call(given.baseAddress, received.baseAddress, Int64(length)))
    }
    let most = MPICommunicator.mostBytes / size
    var incoming = [UInt8](repeating: 0, count: most * size)
    for start in stride(from: 0, to: length, by: most) {
      let count = min(most, length - start)
      var outgoing: [UInt8] = []
      for rank in 0..<(partStride == nil ? 1 : size) {
        outgoing += given[rank * (partStride ?? 0) + start..<rank * (partStride ?? 0) + start + count]
      }
      let code = outgoing.withUnsafeBytes { outgoing in
        incoming.withUnsafeMutableBytes { call(outgoing.baseAddress, $0.baseAddress, Int64(count)) }
      }
      try check(code)
      for rank in 0..<size {
        received[rank * length + start..<rank * length + start + count]
          .copyBytes(from: incoming[rank * count..<(rank + 1) * count])
      }
    }
  }

  /// Ends all ranks.
  public func abort(_ reason: String) { rm_abort(1) }

  /// Waits for the others and ends MPI; to be called once, when all is done.
  public func end() { _ = rm_end() }

  private func check(_ code: Int32) throws { try MPICommunicator.check(code, rank: rank, host: host) }

  private static func check(_ code: Int32, rank: Int, host: String) throws {
    guard code != 0 else { return }
    var text = [CChar](repeating: 0, count: 512)
    rm_error(code, &text, Int32(text.count))
    let reason = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    throw CommunicationError.failed(rank: rank, host: host, reason: reason)
  }
}
