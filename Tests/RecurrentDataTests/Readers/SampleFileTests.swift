import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Files of sound that is not compressed, of every kind but the usual one of WAVE.
@Suite struct SampleFileTests {
  @Test func readsWhatLibsndfileWrites() throws {
    let fixture = try FixtureFile("sound_files")
    #expect(fixture.cases.count > 80)
    for (name, options) in fixture.cases.sorted(by: { $0.key < $1.key }) {
      let file = DataBytes(try fixture.bytes("\(name)/file"), path: name)
      let expected = try fixture.tensor("\(name)/samples")
      let kind: DataFormat =
        name.hasPrefix("aiff")
        ? .aiff
        : name.hasPrefix("au_") ? .au : name.hasPrefix("nist") || name.hasPrefix("sph") ? .sphere : .wav
      #expect(file.format == kind, "\(name)")
      let sound = try SoundFile.read(file)
      #expect(sound.channels.count == expected.shape[0] && sound.count == expected.shape[1], "\(name)")
      #expect(sound.channels.flatMap { $0 } == expected.scalars, "\(name)")
      guard case .number(let rate)? = options["rate"] else { throw CheckFailure("\(name) has no rate") }
      #expect(abs(sound.rate - rate) < 1e-9 * rate, "\(name): \(sound.rate)")
      let length = try SoundFile.length(of: file)
      #expect(length.count == sound.count && length.rate == sound.rate, "\(name)")
      let rateAlone = try SoundFile.rate(of: file)
      #expect(rateAlone == sound.rate)
      let part = try SoundFile.read(file) { (_) throws(DataError) in 3..<9 }
      #expect(part.channels == sound.channels.map { Array($0[3..<9]) }, "\(name)")
    }
  }

  @Test(arguments: ["rf64_hi.wav", "rifx_hi.wav", "nist_hi.wav", "ulaw_8k_hi.wav"], [true, false])
  func readsThoseThatPeopleHave(_ name: String, _ isPath: Bool) throws {
    guard let data = sharedData else { return }
    let path = data + "/../faults/" + name
    guard DataFolder.exists(path) else { return }
    let bytes = try DataBytes(DataSource(path)).withBytes { Array($0) }
    let source = isPath ? DataSource(path) : DataSource(bytes: bytes, name: "<stdin>")
    guard case .sound(let sound) = try Record.Content(reading: source) else {
      Issue.record("\(name) is no sound")
      return
    }
    #expect(sound.channels.count == 1 && sound.rate == (name.hasPrefix("ulaw") ? 8000 : 16_000))
    #expect(sound.count == (name.hasPrefix("ulaw") ? 4000 : 8000))
    // one recording in four kinds of file
    let energy = sound.mono.reduce(0) { $0 + $1 * $1 } / Float(sound.count)
    #expect(abs(energy - 0.1252) < 0.002, "\(energy)")
  }

  /// Every code of both curves has its negative, and the curves rise with the size of the code.
  @Test func curvesAreOdd() {
    for code in UInt8.min...127 {
      #expect(Companding.muLaw(code) == -Companding.muLaw(code | 0x80))
      #expect(Companding.aLaw(code) == -Companding.aLaw(code | 0x80))
    }
    #expect(Companding.muLaw(0x80) == 32_124 / 32_768 && Companding.muLaw(0xFF) == 0)
    #expect(Companding.aLaw(0xAA) == 32_256 / 32_768 && Companding.aLaw(0xD5) == 8 / 32_768)
  }

  private static func sphere(_ fields: String, _ samples: [UInt8] = [0, 1, 2, 3]) -> [UInt8] {
    let head = Array("NIST_1A\n    256\n\(fields)\nend_head\n".utf8)
    return head + [UInt8](repeating: 0x20, count: 256 - head.count) + samples
  }

  private static func au(_ code: UInt8, start: UInt8 = 24, channels: [UInt8] = [0, 0, 0, 1]) -> [UInt8] {
    Array(".snd".utf8) + [0, 0, 0, start, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, code, 0, 0, 0x1F, 0x40] + channels
      + [1, 2, 3, 4, 5, 6, 7, 8]
  }

  private static func aiff(_ coding: String, common: Bool = true) -> [UInt8] {
    let rate: [UInt8] = [0x40, 0x0B, 0xFA, 0, 0, 0, 0, 0, 0, 0]
    let chunk =
      Array("COMM".utf8) + [0, 0, 0, 24, 0, 1, 0, 0, 0, 2, 0, 16] + rate + Array(coding.utf8) + [0, 0]
    let sound = Array("SSND".utf8) + [0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0xC0, 0]
    return Array("FORM".utf8) + [0, 0, 0, 0] + Array("AIFC".utf8) + (common ? chunk : []) + sound
  }

  /// The form of DEC: the same head and samples, the lowest bytes first.
  @Test func readsTheLowestByteFirst() throws {
    func turned(_ bytes: some Collection<UInt8>, _ size: Int) -> [UInt8] {
      stride(from: 0, to: bytes.count, by: size).flatMap { bytes.dropFirst($0).prefix(size).reversed() }
    }
    let big = Self.au(3)
    let little = Array("dns.".utf8) + turned(big[4..<24], 4) + turned(big[24...], 2)
    let (file, other) = (DataBytes(little, path: "x.au"), DataBytes(big, path: "y.au"))
    #expect(file.format == .au)
    #expect(try SoundFile.read(file) == SoundFile.read(other))
  }

  @Test func saysWhatItCannotRead() throws {
    let pcm = "sample_rate -i 8000\nsample_n_bytes -i 2\nsample_byte_format -s2 01\n"
    let cases: [([UInt8], String)] = [
      (Self.sphere(pcm + "sample_coding -s26 pcm,embedded-shorten-v2.00"), "compression by shorten"),
      (Self.sphere(pcm + "sample_coding -s3 ogi"), "\"ogi\""),
      (Self.sphere("sample_rate -i 8000\nsample_n_bytes -i 2"), "01 or 10 as sample_byte_format"),
      (Self.sphere(pcm + "sample_count -i x"), "whole number as sample_count"),
      (Self.sphere("sample_n_bytes -i 1"), "the sample_rate"),
      (Self.sphere(pcm + "channel_count -i 2\nchannels_interleaved -s5 FALSE"), "one after the other"),
      (Self.sphere(pcm + "channel_count -i 99999999"), "99999999"),
      (Array("NIST_1A\n   1024\nsample_rate".utf8), "the size of the head"),
      (Array("NIST_1A\n     20\nsam\nmore".utf8), "end_head"),
      (Self.au(23), "the coding 23"), (Self.au(1, start: 8), "byte 8"),
      (Self.au(1, channels: [1, 0, 0, 0]), "channels"), (Self.au(1, channels: [0, 0, 0, 0]), "0 channels"),
      (Self.aiff("ima4"), "\"ima4\""), (Self.aiff("NONE", common: false), "COMM"),
    ]
    for (bytes, part) in cases {
      let error = #expect(throws: DataError.self) { try SoundFile.read(DataBytes(bytes, path: "x")) }
      let text = "\(error.map { "\($0)" } ?? "")"
      #expect(text.contains(part) && text.hasPrefix("x: "), "\(text), not \(part)")
    }
    #expect(try SoundFile.read(DataBytes(Self.au(3))).count == 4)
    #expect(try SoundFile.read(DataBytes(Self.aiff("sowt"))).channels == [[64 / 32_768, 192 / 32_768]])
    #expect(try SoundFile.read(DataBytes(Self.aiff("twos"))).channels == [[0.5, -0.5]])
    // a head may say more samples than there are, or none
    let long = Self.sphere(pcm + "sample_count -i 400000000000000000\nchannel_count -i 1")
    #expect(try SoundFile.read(DataBytes(long)).count == 2)
  }

  /// What ffmpeg alone reads is named, also where its name says something else.
  @Test func namesWhatFFmpegReads() throws {
    let kinds: [(String, [UInt8])] = [
      ("MP3", [0xFF, 0xFB, 0x90, 0x64, 0, 0, 0]), ("MP3", Array("ID3".utf8) + [3, 0, 0, 0, 0, 0, 9]),
      ("Ogg", Array("OggS".utf8) + [0, 2, 0, 0]), ("MPEG-4 sound", [0, 0, 0, 32] + Array("ftypM4A ".utf8)),
      ("Matroska", [0x1A, 0x45, 0xDF, 0xA3, 1]), ("AMR", Array("#!AMR\n".utf8)),
      ("Wave64", Array("riff".utf8) + [0x2E, 0x91, 0xCF, 0x11, 0]), ("Shorten", Array("ajkg".utf8) + [2, 0]),
    ]
    for (name, bytes) in kinds {
      let error = #expect(throws: DataError.self) {
        try Record.Content(reading: DataSource(bytes: bytes, name: "<stdin>"))
      }
      let text = "\(error.map { "\($0)" } ?? "")"
      #expect(text.contains(name) && text.contains("ffmpeg"), "\(text), not \(name)")
    }
    for text in ["MAC addresses", "caffeine", "riff. raff", "ID3 tags", "Oggs", ".snd files"] {
      guard
        case .text(text) = try Record.Content(reading: DataSource(bytes: Array(text.utf8), name: "<stdin>"))
      else {
        Issue.record("\(text) is no text")
        return
      }
    }
  }

  @Test(arguments: [
    "rf64_pcm_24_2", "bw64", "rifx_pcm_16_big_1", "aiff_pcm_16_2", "aiff_float_1", "aiff_turned",
    "au_pcm_24_2",
    "nist_pcm_16_big_2", "sphere_short_head",
  ])
  func withstandsDamage(_ name: String) throws {
    let bytes = try FixtureFile("sound_files").bytes("\(name)/file")
    try checkFormat(bytes, rounds: 1000, isCutNoticed: false) { (bytes) throws(DataError) in
      let file = DataBytes(bytes)
      guard SoundFile.reads(file.format) else { return }
      _ = try SoundFile.read(file)
    }
  }
}
