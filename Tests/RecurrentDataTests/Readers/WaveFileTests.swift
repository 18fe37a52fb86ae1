import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct WaveFileTests {
  private static let cases =
    [
      "pcm_8", "pcm_16", "pcm_24", "pcm_32", "float32", "float64",
    ].flatMap { ["\($0)_1", "\($0)_2"] } + ["extensible", "extensible_float"]

  @Test(arguments: cases)
  func readsEveryKindOfSample(_ name: String) throws {
    let fixture = try FixtureFile("sounds")
    let sound = try WaveFile.read(DataBytes(fixture.bytes("\(name)/file")))
    let expected = try fixture.tensor("\(name)/samples")
    #expect(sound.channels.count == expected.shape[0] && sound.count == expected.shape[1])
    #expect(sound.channels.flatMap { $0 } == expected.scalars)
    #expect(sound.rate == (name.hasPrefix("pcm") ? 11_025 : name.hasPrefix("f") ? 44_100 : sound.rate))
    #expect(sound.mono.count == sound.count)
    let length = try WaveFile.length(of: DataBytes(fixture.bytes("\(name)/file")))
    #expect(length.count == sound.count && length.rate == sound.rate)
  }

  @Test func monoIsTheMean() {
    #expect(Sound(rate: 1, channels: [[1, 0], [0, -1]]).mono == [0.5, -0.5])
    #expect(Sound(rate: 1, channels: [[0.3]]).mono == [0.3])
    #expect(Sound(rate: 1, channels: []).mono == [])
  }

  /// A PCM file of one channel with 16 bits by hand.
  private func file(
    code: UInt8 = 1, channels: UInt8 = 1, rate: [UInt8] = [0x40, 0x1F, 0, 0], bits: UInt8 = 16,
    size: [UInt8] = [4, 0, 0, 0], samples: [UInt8] = [0, 0x40, 0, 0xC0]
  ) -> [UInt8] {
    let format = [code, 0, channels, 0] + rate + [0, 0, 0, 0, 2, 0, bits, 0]
    return Array("RIFF".utf8) + [36, 0, 0, 0] + Array("WAVEfmt ".utf8) + [16, 0, 0, 0] + format
      + Array("data".utf8) + size + samples
  }

  /// A recording that was not finished says nothing, or too much, about its size.
  @Test(arguments: [[4, 0, 0, 0], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [200, 0, 0, 0]] as [[UInt8]])
  func readsUnfinishedRecordings(_ size: [UInt8]) throws {
    #expect(try WaveFile.read(DataBytes(file(size: size))).channels == [[0.5, -0.5]])
  }

  @Test func refusesWhatItCannotRead() throws {
    let files: [([UInt8], String)] = [
      (file(code: 2), "the format 2"), (file(bits: 12), "12 bits"), (file(code: 3), "16 bits"),
      (file(channels: 0), "0 channels"), (file(rate: [0, 0, 0, 0]), "at 0 Hz"),
      (file(rate: [0xFF, 0xFF, 0xFF, 0xFF]), "at 4294967295 Hz"), (file(samples: []), "at least one sample"),
      (file(code: 3, bits: 32, samples: [0, 0, 0xC0, 0x7F]), "NaN"),
      (Array("RIFX".utf8), "RIFF, RIFX, RF64 or BW64, and WAVE"),
      (Array(file().prefix(36)), "a chunk \"data\""),
      (Array("RIFF    WAVEdata".utf8) + [2, 0, 0, 0, 1, 1], "a chunk \"fmt \" before"),
    ]
    for (bytes, part) in files {
      let error = #expect(throws: DataError.self) { try WaveFile.read(DataBytes(bytes)) }
      #expect("\(error.map { "\($0)" } ?? "")".contains(part))
    }
  }

  @Test(arguments: ["pcm_24_2", "extensible", "float64_1"])
  func withstandsDamage(_ name: String) throws {
    let bytes = try FixtureFile("sounds").bytes("\(name)/file")
    try checkFormat(bytes, isCutNoticed: false) { (bytes) throws(DataError) in
      _ = try WaveFile.read(DataBytes(bytes))
    }
  }
}
