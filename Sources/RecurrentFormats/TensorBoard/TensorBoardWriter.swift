#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Writes an event file of TensorBoard: records of scalars, histograms and texts over steps, behind one another.
///
/// Every record goes to the system when it is written, so that TensorBoard sees it while a training runs, and a process
/// that is killed loses none.
public final class TensorBoardWriter {
  /// The path of the file.
  public var path: String { file.path }
  private let file: AppendedFile
  private let clock: () -> Double

  /// Begins a new file in `folder`, which is made where it is missing.
  ///
  /// - Parameters:
  ///   - folder: TensorBoard's log folder of one run.
  ///   - clock: seconds since 1970.
  /// - Throws: ``FormatError``.
  public init(folder: String, clock: @escaping () -> Double = TensorBoardWriter.now) throws(FormatError) {
    try TensorBoardWriter.makeFolder(folder)
    var host = [CChar](repeating: 0, count: 256)
    gethostname(&host, host.count - 1)
    let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    file = try TensorBoardWriter.open(
      "\(folder)/events.out.tfevents.\(Int(clock())).\(name.isEmpty ? "host" : name).\(getpid())")
    self.clock = clock
    try record { $0.text(3, "brain.Event:2") }
  }

  /// Makes a folder, and those that it lies in.
  private static func makeFolder(_ folder: String) throws(FormatError) {
    for end in folder.indices where folder[end] == "/" && end > folder.startIndex {
      mkdir(String(folder[..<end]), 0o777)
    }
    if mkdir(folder, 0o777) != 0, errno != EEXIST {
      throw .folderNotWritable(path: folder, cause: FileCause(errno: errno))
    }
  }

  /// A file that did not exist.
  private static func open(_ path: String) throws(FormatError) -> AppendedFile {
    for number in 0..<100 {
      do {
        return try AppendedFile(path: "\(path).\(number)", flags: O_WRONLY | O_CREAT | O_EXCL | O_APPEND)
      } catch {
        guard case .cannotWrite(_, FileCause(errno: EEXIST)) = error else { throw error }
      }
    }
    throw .cannotWrite(path: path, cause: FileCause(errno: EEXIST))
  }

  /// Seconds since 1970.
  public static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Says that a process goes on from a step: what an earlier one wrote at that step and behind it does not count.
  ///
  /// - Throws: ``FormatError/cannotWrite(path:cause:)``.
  public func restart(step: Int) throws(FormatError) {
    try record { event in
      event.integer(2, Int64(step))
      event.message(7) { $0.integer(1, 1) }
    }
  }

  /// A number.
  ///
  /// - Throws: ``FormatError/cannotWrite(path:cause:)``.
  public func scalar(_ tag: String, _ value: Float, step: Int) throws(FormatError) {
    try summary(tag, step: step) { $0.float(2, value) }
  }

  /// How numbers are distributed.
  ///
  /// - Throws: ``FormatError/cannotWrite(path:cause:)``.
  public func histogram(_ tag: String, _ histogram: TensorBoardHistogram, step: Int) throws(FormatError) {
    try summary(tag, step: step) { value in
      value.message(5) { message in
        message.double(1, histogram.minimum)
        message.double(2, histogram.maximum)
        message.double(3, Double(histogram.count))
        message.double(4, histogram.sum)
        message.double(5, histogram.sumOfSquares)
        message.doubles(6, histogram.limits)
        message.doubles(7, histogram.counts)
      }
    }
  }

  /// A text, which TensorBoard shows as Markdown.
  ///
  /// - Throws: ``FormatError/cannotWrite(path:cause:)``.
  public func text(_ tag: String, _ text: String, step: Int) throws(FormatError) {
    try summary(tag + "/text_summary", step: step) { value in
      value.message(8) { tensor in
        tensor.integer(1, 7)  // texts
        tensor.message(2) { shape in shape.message(2) { $0.integer(1, 1) } }
        tensor.text(8, text)
      }
      value.message(9) { metadata in metadata.message(1) { $0.text(1, "text") } }
    }
  }

  private func summary(
    _ tag: String, step: Int, _ body: (inout ProtobufWriter) -> Void
  ) throws(FormatError) {
    try record { event in
      event.integer(2, Int64(step))
      event.message(5) { summary in
        summary.message(1) { value in
          value.text(1, tag)
          body(&value)
        }
      }
    }
  }

  /// A length, its check, an event and its check.
  private func record(_ body: (inout ProtobufWriter) -> Void) throws(FormatError) {
    var event = ProtobufWriter()
    event.double(1, clock())
    body(&event)
    let length = withUnsafeBytes(of: UInt64(event.bytes.count).littleEndian) { Array($0) }
    func check(_ bytes: [UInt8]) -> [UInt8] {
      withUnsafeBytes(of: CRC32C.masked(bytes).littleEndian) { Array($0) }
    }
    let bytes = length + check(length) + event.bytes + check(event.bytes)
    try file.append(bytes)
  }
}
