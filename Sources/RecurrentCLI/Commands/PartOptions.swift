import ArgumentParser
import Recurrent

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Options of commands whose work programs share out: which part, and where its result goes.
struct PartOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Work on a part of the sequences alone: i from 0 of n, contiguous by their numbers.", valueName: "i/n"))
  var shard: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the result to a file, beside its place and renamed at the end.", valueName: "file"))
  var output: String?

  @Flag(help: "Do nothing where a file stands at --output.")
  var skipExisting = false

  func validate() throws {
    if let shard, SequencePart(shard) == nil {
      throw ValidationError("--shard is \(shard), expected i/n with i from 0 to n - 1, such as 3/16")
    }
    if skipExisting, output == nil { throw ValidationError("--skip-existing asks for a file at --output") }
    if output?.isEmpty ?? false { throw ValidationError("--output is empty, expected the path of a file") }
  }

  /// Verifies that the sequences can be counted.
  func check(isStream: Bool) throws {
    if shard != nil, isStream {
      throw ValidationError("--shard is for data that are named; of a stream nobody knows how long it is")
    }
  }

  /// The part.
  var own: SequencePart { shard.flatMap { SequencePart($0) } ?? .whole }

  /// Calls `body` with the standard output in the file, where there is one; it appears when all is written.
  func write(apartFrom inputs: [String], _ body: () throws -> Void) throws {
    guard let output else { return try body() }
    try OutputFile.check(output, flag: "--output", apartFrom: inputs)
    if skipExisting, OutputFile.exists(output) {
      return Terminal.error("\(output) is there already: skipped")
    }
    let file = try OutputFile.Redirection(to: output)
    do { try body() } catch {
      file.discard()
      throw error
    }
    try file.finish()
  }
}

extension OutputFile {
  /// The standard output of this process in a file that stands beside its place until it is whole.
  struct Redirection {
    private let path, temporary: String

    /// Begins.
    ///
    /// - Throws: ``BundleError/cannotWrite(path:reason:)``.
    init(to path: String) throws {
      self.path = path
      let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
      var name = Array((folder + ".recurrent-XXXXXX").utf8CString)
      let descriptor = mkstemp(&name)
      temporary = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard descriptor >= 0 else { throw Redirection.failure(path) }
      let mask = umask(0)
      _ = umask(mask)
      guard fchmod(descriptor, 0o666 & ~mask) == 0, dup2(descriptor, STDOUT_FILENO) >= 0 else {
        let failure = Redirection.failure(path)
        _ = unlink(temporary)
        throw failure
      }
      _ = close(descriptor)
    }

    /// Puts the file in its place.
    ///
    /// - Throws: ``BundleError/cannotWrite(path:reason:)``.
    func finish() throws {
      guard fsync(STDOUT_FILENO) == 0, rename(temporary, path) == 0 else {
        let failure = Redirection.failure(path)
        discard()
        throw failure
      }
    }

    /// Removes what was written.
    func discard() { _ = unlink(temporary) }

    private static func failure(_ path: String) -> BundleError {
      .cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
  }
}
