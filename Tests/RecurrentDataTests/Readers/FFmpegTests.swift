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
import RecurrentData
import RecurrentTestSupport
import Testing

/// A script stands for the program: what matters here is how it is called and what becomes of its output.
@Suite struct FFmpegTests {
  /// Puts a script in front of the search path of this process, which an exit test has for itself.
  private static func install(_ script: String, in folder: ScratchFolder) throws {
    let path = try folder.file("ffmpeg", Array("#!/bin/sh\n\(script)\n".utf8))
    chmod(path, 0o755)
    setenv("PATH", folder.path + ":/usr/bin:/bin", 1)
  }

  @Test func readsSound() async {
    await #expect(processExitsWith: .success) {
      let folder = try ScratchFolder()
      let wave = try folder.file("w", FixtureFile("sounds").bytes("float32_2/file"))
      try FFmpegTests.install("echo \"$@\" > '\(folder.path)/words'; cat '\(wave)'", in: folder)
      let path = try folder.file("a:b.mp3", [1])
      let sound = try FFmpeg.sound(path)
      try require(sound.channels.count == 2 && sound.rate == 44_100, "\(sound.rate)")
      let words = try String(contentsOfFile: folder.path + "/words", encoding: .utf8)
      try require(words.contains("-i file:\(path) -vn"), words)
      guard case .sound(sound) = try Record.Content(reading: DataSource(path)) else { exit(1) }
    }
  }

  @Test func readsPictures() async {
    await #expect(processExitsWith: .success) {
      let folder = try ScratchFolder()
      let frame = "printf 'P6\\n2 1\\n255\\n'; printf 'abcdef'"
      try FFmpegTests.install("\(frame); \(frame)", in: folder)
      let pictures = try FFmpeg.pictures(folder.file("x.mp4", [1]), rate: 10)
      let bytes = Array("abcdef".utf8)
      try require(
        pictures == FrameSequence(width: 2, height: 1, frames: [bytes, bytes], durations: [0.1, 0.1]),
        "\(pictures)")
      for wrong in [
        "printf 'P6 2 1 255 abc'", "printf 'P5 1 1 255 a'", "printf 'P6 x'", "printf 'P6 9999999999'",
        frame + "; exit 1", ":",
      ] {
        try FFmpegTests.install(wrong, in: folder)
        do {
          _ = try FFmpeg.pictures(folder.file("x.mp4", [1]))
          throw CheckFailure("\(wrong) is read")
        } catch is DataError {}
      }
    }
  }

  /// A film has as many pictures a second as it says, within bounds.
  @Test func filmsHaveTheirOwnRate() async {
    await #expect(processExitsWith: .success) {
      let folder = try ScratchFolder()
      let path = try folder.file("x.mp4", [1])
      for (head, rate) in [
        ("YUV4MPEG2 W2 H1 F30000:1001 Ip", 30000.0 / 1001), ("YUV4MPEG2 W2 H1 F12:1 Ip", 12),
        ("YUV4MPEG2 W2 H1 F1000:1 Ip", 25), ("YUV4MPEG2 W2 H1 F0:0 Ip", 25), ("YUV4MPEG2 W2 H1", 25),
      ] {
        try FFmpegTests.install(
          """
          case "$*" in
            *yuv4mpegpipe*) printf '\(head)\\nFRAME\\nab' ;;
            *) echo "$@" > '\(folder.path)/words'; printf 'P6\\n2 1\\n255\\nabcdef' ;;
          esac
          """, in: folder)
        let pictures = try FFmpeg.pictures(path)
        try require(pictures.durations == [1 / rate], "\(head): \(pictures.durations)")
        let words = try String(contentsOfFile: folder.path + "/words", encoding: .utf8)
        try require(words.contains("-r \(rate) "), words)
      }
    }
  }

  @Test func saysThatItIsMissing() async {
    await #expect(processExitsWith: .success) {
      let folder = try ScratchFolder()
      setenv("PATH", folder.path, 1)
      let path = try folder.file("x.mp3", [1])
      do {
        _ = try FFmpeg.sound(path)
      } catch let error as DataError
        where "\(error)".contains("ffmpeg") && "\(error)".contains("not installed")
      {
        exit(0)
      }
      exit(1)
    }
    #expect(throws: DataError.notFound(path: "none.mp3")) { try FFmpeg.sound("none.mp3") }
  }
}
