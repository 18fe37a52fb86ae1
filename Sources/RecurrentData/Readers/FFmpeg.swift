#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import RecurrentFormats

/// Sound and pictures of the kinds that are not read here, through the program ffmpeg where it is installed.
public enum FFmpeg {
  /// Endings of sound files that are handed to ffmpeg.
  static let soundEndings = [
    "mp3", "ogg", "oga", "opus", "m4a", "aac", "wma", "amr", "caf", "w64", "shn", "wv", "ape",
  ]
  /// Endings of video files that are handed to ffmpeg.
  static let pictureEndings = [
    "mp4", "mov", "avi", "mkv", "webm", "mpg", "mpeg", "m4v", "wmv", "flv",
  ]

  /// The most bytes that a file may become.
  private static let limit = 1 << 30

  /// The sound of a file, all of its channels at its own rate.
  ///
  /// - Throws: ``DataError``.
  public static func sound(_ path: String) throws(DataError) -> Sound {
    let bytes = try run(["-i", "file:" + path, "-vn", "-f", "wav", "-c:a", "pcm_f32le", "-"], path)
    return try WaveFile.read(DataBytes(bytes, path: path))
  }

  /// Pictures a second that films may have; of one with another rate, as files with pictures at any time claim, 25 are read.
  private static let rates = 1.0...120.0
  private static let usualRate = 25.0

  /// The pictures of a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - rate: pictures a second; nil for as many as the file has.
  /// - Throws: ``DataError``.
  public static func pictures(_ path: String, rate asked: Double? = nil) throws(DataError) -> FrameSequence {
    let rate: Double
    if let asked { rate = asked } else { rate = try frameRate(path) ?? usualRate }
    let bytes = try run(
      [
        "-i", "file:" + path, "-an", "-r", "\(rate)", "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24",
        "-",
      ], path)
    return try DataBytes(bytes, path: path).withBytes { (buffer) throws(DataError) in
      var cursor = ByteCursor(buffer, path: path)
      var result = FrameSequence(width: 0, height: 0, frames: [], durations: [])
      while cursor.left > 0 {
        let (width, height) = try head(&cursor)
        if result.frames.isEmpty { (result.width, result.height) = (width, height) }
        guard width == result.width, height == result.height else {
          throw cursor.malformed("pictures of \(result.width) x \(result.height)", "\(width) x \(height)")
        }
        result.frames.append(Array(try cursor.part(3 * width * height, "a picture")))
        result.durations.append(1 / rate)
      }
      guard !result.frames.isEmpty else { throw cursor.malformed("at least one picture", "none") }
      return result
    }
  }

  /// Pictures a second as the file says, from the head `YUV4MPEG2 ... F30000:1001 ...` that its first picture gets; nil where that is
  /// none of ``rates``.
  private static func frameRate(_ path: String) throws(DataError) -> Double? {
    let bytes = try run(
      [
        "-i", "file:" + path, "-an", "-frames:v", "1", "-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe", "-",
      ], path)
    let words = String(decoding: bytes.prefix(256).prefix { $0 != 0x0A }, as: UTF8.self).split(separator: " ")
    guard words.first == "YUV4MPEG2", let word = words.first(where: { $0.hasPrefix("F") }) else { return nil }
    let numbers = word.dropFirst().split(separator: ":").compactMap { Double($0) }
    guard numbers.count == 2, numbers[1] > 0, rates.contains(numbers[0] / numbers[1]) else { return nil }
    return numbers[0] / numbers[1]
  }

  /// `P6 width height 255` and a blank.
  private static func head(_ cursor: inout ByteCursor) throws(DataError) -> (width: Int, height: Int) {
    guard try cursor.mark(2, "a picture") == "P6" else {
      throw cursor.malformed("a picture of ffmpeg", "another")
    }
    var numbers: [Int] = []
    for _ in 0..<3 {
      var digits = ""
      while true {
        let byte = try cursor.byte("the head of a picture")
        if byte > 0x20 {
          digits.append(Character(Unicode.Scalar(UInt8(byte))))
        } else if !digits.isEmpty {
          break
        }
        guard digits.count < 9 else { throw cursor.malformed("a size", "\"\(digits)\"") }
      }
      numbers.append(Int(digits) ?? 0)
    }
    guard numbers[0] > 0, numbers[1] > 0, numbers[0] * numbers[1] <= 1 << 24, numbers[2] == 255 else {
      throw cursor.malformed("a picture with 256 steps of each colour", "\(numbers)")
    }
    return (numbers[0], numbers[1])
  }

  /// What ffmpeg writes to its standard output.
  private static func run(_ arguments: [String], _ path: String) throws(DataError) -> [UInt8] {
    guard FileManager.default.fileExists(atPath: path) else { throw .notFound(path: path) }
    guard let program = program else {
      let kind = (try? MappedFile(path: path))?.withBytes { ForeignSound($0)?.name }
      throw .unreadable(
        path: path,
        reason: "only ffmpeg reads \(kind ?? "this kind of file"), and it is not installed; install it, or "
          + "convert the file to WAVE, FLAC or GIF")
    }
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw .unreadable(path: path, reason: "no pipe to ffmpeg can be made") }
    // another process that is started meanwhile must not keep the pipe open
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let launch = ProcessLaunch()
    launch.open("/dev/null", as: 0, mode: O_RDONLY)
    launch.hand(ends[1], as: 1)
    let (process, code) = launch.start([program, "-v", "error", "-nostdin"] + arguments)
    close(ends[1])
    defer { close(ends[0]) }
    guard code == 0 else { throw .unreadable(path: path, reason: "ffmpeg cannot be started") }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let count = read(ends[0], &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    if bytes.count > limit { kill(process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    guard bytes.count <= limit else {
      throw .unreadable(
        path: path, reason: "it is more than \(limit) bytes without compression; cut it into parts")
    }
    guard status == 0, !bytes.isEmpty else {
      throw .unreadable(path: path, reason: "ffmpeg finds nothing in it that it can read")
    }
    return bytes
  }

  /// The first ffmpeg on the search path.
  private static var program: String? {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return path.split(separator: ":").map { "\($0)/ffmpeg" }.first { access($0, X_OK) == 0 }
  }
}
