import Foundation
import RecurrentTestSupport

/// Music as other programs write and read it; see `make_music.py`.
struct MusicFixture: Decodable {
  struct File: Decodable {
    let bytes: String
    /// Key, velocity, first tick, last tick, channel, track, program.
    let notes: [[Int]]
    let seconds: Double
  }

  let files: [File]
  let rolls: [String: [[[Int]]]]
  let pickles: [String]
  let matrices: [String]
  let hostile: String

  static func read() throws -> MusicFixture {
    try JSONDecoder().decode(MusicFixture.self, from: Data(fixture("music.json")))
  }

  /// The bytes of hexadecimal digits.
  static func bytes(_ digits: String) -> [UInt8] {
    let digits = Array(digits.utf8)
    return stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) ?? 0
    }
  }
}
