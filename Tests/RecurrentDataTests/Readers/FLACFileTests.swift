import RecurrentFormats
import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct FLACFileTests {
  private static let cases = [
    "eight_channels", "mono_16", "mono_16_fixed", "mono_24", "mono_32", "mono_8", "noise_16", "odd_rate",
    "one_sample", "partitions", "pipe", "silence", "stereo_16", "stereo_24", "stereo_32", "stereo_left",
    "wasted_bits",
  ]

  /// Whole numbers of four bytes, those of all channels side by side.
  private func bytes(_ sound: Sound, bits: Int) -> [UInt8] {
    (0..<sound.count).flatMap { place in
      sound.channels.flatMap { channel in
        let value = Int32(channel[place] * Float(1 << (bits - 1)))
        return (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      }
    }
  }

  /// The files of the reference encoder have the samples that it was given.
  @Test(arguments: cases)
  func readsFilesOfTheReferenceEncoder(_ name: String) throws {
    let fixture = try FixtureFile("flac")
    let file = DataBytes(try fixture.bytes("\(name)/file"))
    let options = try #require(fixture.cases[name])
    func number(_ key: String) -> Int { Int(options[key]?.number ?? -1) }
    let sound = try FLACFile.read(file)
    #expect(sound.rate == options["rate"]?.number && sound.count == number("count"))
    #expect(sound.channels.count == number("channels"))
    let length = try FLACFile.length(of: file)
    #expect(length.count == sound.count && length.rate == sound.rate)
    // a float has 24 bits; the others are under the MD5 of the file
    guard number("bits") <= 24 else { return }
    #expect(SHA256.hash(bytes(sound, bits: number("bits"))) == options["sha256"]?.text)
  }

  @Test func everyCaseIsTested() throws {
    #expect(try FixtureFile("flac").file.names.count == FLACFileTests.cases.count)
  }

  /// Any part is that of the whole, where the encoder knew the length and where it did not.
  @Test(arguments: ["mono_16", "pipe", "stereo_16", "mono_24", "silence"])
  func readsParts(_ name: String) throws {
    let file = DataBytes(try FixtureFile("flac").bytes("\(name)/file"))
    let whole = try FLACFile.read(file)
    var numbers = StoredNumbers((0..<80).map { Int64($0 * 7919 % 5000) })
    for _ in 0..<40 {
      let (a, b) = (numbers.integer() % whole.count, numbers.integer() % whole.count)
      let range = min(a, b)..<max(a, b) + 1
      let part = try FLACFile.read(file) { (_) throws(DataError) in range }
      #expect(part.channels == whole.channels.map { Array($0[range]) }, "\(name) \(range)")
    }
  }

  private static let wave = (0..<96).map { ($0 * $0 * 37 + $0 * 11) % 2001 - 1000 }
  private static let second = (0..<96).map { ($0 * $0 * 37 + $0 * 11) % 2001 - 1000 + $0 % 7 }

  private func integers(_ sound: Sound, bits: Int) -> [[Int]] {
    sound.channels.map { $0.map { Int(Double($0) * Double(1 << (bits - 1))) } }
  }

  /// Every kind of subframe, with every form of residuals.
  @Test(arguments: [4, 8, 12, 16, 20, 24, 32])
  func readsEverySubframe(_ bits: Int) throws {
    let shift = max(0, 12 - bits)
    let wave = FLACFileTests.wave.map { $0 >> shift }
    var kinds: [FLACEncoder.Subframe] = [.verbatim, .linear([3, -2, 1], shift: 1)]
    kinds += (0...4).map { .fixed($0) }
    kinds.append(.linear((0..<32).map { $0 % 5 - 2 }, shift: 4))
    for kind in kinds {
      for (order, parameters, isWide) in [
        (0, [4], false), (1, [nil, 3], false), (1, [7, nil], true), (0, [20], true), (0, [nil], true),
        (0, [0], false),
      ] as [(Int, [Int?], Bool)] {
        var block = FLACEncoder.Block([wave], kind)
        (block.partitionOrder, block.parameters, block.isWide) = (order, parameters, isWide)
        let sound = try FLACFile.read(DataBytes(FLACEncoder.file([block], bits: bits, rate: 8000)))
        #expect(integers(sound, bits: bits) == [wave], "\(kind) \(parameters) \(bits)")
      }
    }
    for kind in [.verbatim, .fixed(1), .constant] as [FLACEncoder.Subframe] {
      var block = FLACEncoder.Block([[-8, -8, -8, -8]], kind)
      block.wasted = 3
      let sound = try FLACFile.read(DataBytes(FLACEncoder.file([block], bits: bits, rate: 8000)))
      #expect(integers(sound, bits: bits) == block.samples)
    }
    let constant = FLACEncoder.Block([[-5, -5, -5]], .constant)
    let sound = try FLACFile.read(DataBytes(FLACEncoder.file([constant], bits: bits, rate: 8000)))
    #expect(integers(sound, bits: bits) == [[-5, -5, -5]])
  }

  @Test(arguments: [8, 9, 10, 1]) func readsDifferencesOfChannels(_ code: Int) throws {
    let extremes = [[-32_768, 32_767, -32_768, 0, 32_767], [32_767, -32_768, -32_768, 1, 32_767]]
    for samples in [[FLACFileTests.wave, FLACFileTests.second], extremes] {
      let block = FLACEncoder.Block(samples, .verbatim, channelCode: code)
      let sound = try FLACFile.read(DataBytes(FLACEncoder.file([block], bits: 16, rate: 8000)))
      #expect(integers(sound, bits: 16) == samples)
    }
  }

  /// Blocks of sizes and rates of every coding, numbered either way; the largest numbers of frames have seven bytes.
  @Test func readsEveryHead() throws {
    let sizes = [192, 576, 1152, 16, 255, 256, 257, 512, 4096, 3, 1]
    let rates = [(0, 0, 0), (5, 0, 0), (12, 16, 8), (13, 16_000, 16), (14, 1600, 16)]
    var (blocks, all) = ([FLACEncoder.Block](), [Int]())
    for (index, size) in sizes.enumerated() {
      let samples = (0..<size).map { ($0 * 31 + index) % 200 - 100 }
      var block = FLACEncoder.Block([samples], .fixed(min(2, size)))
      block.rate = rates[index % rates.count]
      blocks.append(block)
      all += samples
    }
    var digest = MD5()
    digest.update(all.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
    let metadata = [
      (kind: 4, bytes: [UInt8](repeating: 7, count: 40)), (kind: 1, bytes: []), (kind: 126, bytes: [1]),
    ]
    let file = FLACEncoder.file(
      blocks, bits: 16, rate: 16_000, isVariable: true, digest: digest.finish(), metadata: metadata)
    #expect(integers(try FLACFile.read(DataBytes(file)), bits: 16) == [all])
    for range in [0..<1, 700..<801, 5000..<6000, all.count - 1..<all.count] {
      let part = try FLACFile.read(DataBytes(file)) { (_) throws(DataError) in range }
      #expect(integers(part, bits: 16) == [Array(all[range])])
    }
    let tag: [UInt8] = Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 3, 1, 2, 3]
    #expect(FLACFile.recognizes(DataBytes(tag + file)) && !FLACFile.recognizes(DataBytes(tag + tag)))
    #expect(integers(try FLACFile.read(DataBytes(tag + file)), bits: 16) == [all])
    for number in [127, 128, 2047, 2048, 1 << 16, 1 << 21, 1 << 26, 1 << 31, 1 << 36 - 1] {
      let head = FLACEncoder.file([], bits: 16, rate: 16_000, count: 3)
      let frame = FLACEncoder.frame(.init([[1, 2, 3]], .verbatim), number: number, bits: 16)
      #expect(integers(try FLACFile.read(DataBytes(head + frame)), bits: 16) == [[1, 2, 3]])
    }
  }

  @Test func refusesWhatIsWrong() throws {
    let block = FLACEncoder.Block([FLACFileTests.wave], .fixed(2))
    let good = FLACEncoder.file([block, block], bits: 16, rate: 8000)
    func changed(_ place: Int, _ byte: UInt8, _ file: [UInt8]? = nil) -> [UInt8] {
      var copy = file ?? good
      copy[place] = byte
      return copy
    }
    /// A frame with another bit and right checksums.
    func frame(_ place: Int, _ byte: UInt8) -> [UInt8] {
      var frame = changed(place, byte, FLACEncoder.frame(block, number: 0, bits: 16))
      frame[6] = UInt8(FLACEncoder.checksum(Array(frame[..<6]), width: 8, polynomial: 7))
      let sum = FLACEncoder.checksum(Array(frame.dropLast(2)), width: 16, polynomial: 0x8005)
      frame.replaceSubrange(frame.count - 2..<frame.count, with: [UInt8(sum >> 8), UInt8(sum & 255)])
      return FLACEncoder.file([], bits: 16, rate: 8000, count: 96) + frame
    }
    #expect(try FLACFile.read(DataBytes(frame(0, 0xFF))).count == 96)
    var wrong = [UInt8](repeating: 0, count: 16)
    wrong[3] = 1
    let files: [([UInt8], String)] = [
      (Array("fLaX".utf8), "byte 0: expected the mark fLaC"), (changed(4, 0x81), "the stream info (0)"),
      (changed(7, 33), "33 bytes"), (changed(10, 0, changed(11, 0)), "blocks of at least 16"),
      (changed(18, 0, changed(19, 0, changed(20, 0))), "0 Hz"),
      (changed(4, 0), "a block of metadata of the kinds 1 to 126"),
      (changed(43, 0xF9), "the checksum"), (changed(60, 0x55), "the checksum"),
      (frame(1, 0xFA), "a frame, which begins with"), (frame(2, 0x0F), "the code 0"),
      (frame(2, 0x6F), "the code 15"), (frame(2, 0x65), "16000 Hz"), (frame(3, 0xB8), "the code 11"),
      (frame(3, 0x18), "1 channels of 16 bits"), (frame(3, 0x0C), "24 bits"),
      (frame(3, 0x09), "a reserved bit"),
      (frame(4, 0x80), "UTF-8"), (frame(4, 0xFF), "UTF-8"), (changed(11, 32), "at most 32"),
      (frame(7, 0x80), "the bit 0"), (frame(7, 0x04), "the kind 2"), (frame(7, 0x40), "coefficients"),
      (frame(12, 0xC0), "the method 3"), (frame(12, 0x28), "partitions"),
      (Array(good.dropLast(good.count / 3)), "the end of the file"),
      (FLACEncoder.file([block], bits: 16, rate: 8000, count: 200), "the end of the file after 96"),
      (FLACEncoder.file([block], bits: 16, rate: 8000, count: 50), "expected 50 samples"),
      (FLACEncoder.file([block], bits: 16, rate: 8000, digest: wrong), "MD5"),
      (FLACEncoder.file([], bits: 16, rate: 8000), "at least one sample"),
      (FLACEncoder.file([.init([[0, 200]], .fixed(0))], bits: 8, rate: 8000), "samples of 8 bits"),
    ]
    for (bytes, part) in files {
      let error = #expect(throws: DataError.self, "\(part)") {
        try FLACFile.read(DataBytes(bytes, path: "x.flac"))
      }
      let text = "\(error.map { "\($0)" } ?? "")"
      #expect(text.contains(part) && text.contains("x.flac"), "\(text), not \(part)")
    }
    // what stands behind the samples is of others
    #expect(try FLACFile.read(DataBytes(good + Array("TAG".utf8))).count == 192)
  }

  /// Silence takes no room in a file, and would take all memory.
  @Test func silenceHasALimit() throws {
    let silence = FLACEncoder.Block(
      [[Int]](repeating: [Int](repeating: 0, count: 32_768), count: 8), .constant)
    let frame = FLACEncoder.frame(silence, number: 0, bits: 16)
    var head = FLACEncoder.file([silence], bits: 16, rate: 8000, count: 0)
    head += [[UInt8]](repeating: frame, count: 200).joined()
    let error = #expect(throws: DataError.self) { try FLACFile.read(DataBytes(head)) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("bytes together"))
  }

  @Test(arguments: ["stereo_24", "partitions", "pipe", "wasted_bits", "mono_16_fixed"])
  func withstandsDamage(_ name: String) throws {
    let bytes = try FixtureFile("flac").bytes("\(name)/file")
    try checkFormat(bytes, rounds: 1000, isCutNoticed: name != "pipe") { (bytes) throws(DataError) in
      _ = try FLACFile.read(DataBytes(bytes))
    }
    try checkFormat(bytes, rounds: 300, isCutNoticed: false) { (bytes) throws(DataError) in
      _ = try FLACFile.read(DataBytes(bytes)) { (length) throws(DataError) in
        length.count / 2..<max(length.count / 2, min(length.count, length.count / 2 + 100))
      }
    }
  }

  /// What a checksum would hide: the inside of a frame is damaged, and its checksums are those of the damage.
  @Test(arguments: [0, 8, 9, 10]) func withstandsDamageBehindRightChecksums(_ code: Int) throws {
    let channels = code == 0 ? [FLACFileTests.wave] : [FLACFileTests.wave, FLACFileTests.second]
    for kind in [.fixed(3), .linear([2, -1], shift: 0)] as [FLACEncoder.Subframe] {
      var block = FLACEncoder.Block(channels, kind, channelCode: code)
      (block.partitionOrder, block.parameters) = (2, [6, nil])
      let frame = FLACEncoder.frame(block, number: 0, bits: 16)
      let head = FLACEncoder.file([block], bits: 16, rate: 8000).prefix(42)
      try checkFormat(Array(frame[7...].dropLast(2)), rounds: 500, isCutNoticed: false) {
        (body) throws(DataError) in
        let own = frame[..<7] + body
        let sum = FLACEncoder.checksum(Array(own), width: 16, polynomial: 0x8005)
        _ = try FLACFile.read(DataBytes(head + own + [UInt8(sum >> 8), UInt8(sum & 255)]))
      }
    }
  }

  /// It is known by its content, whatever it is called, wherever sound is.
  @Test func isSoundEverywhere() throws {
    let folder = try ScratchFolder()
    let bytes = try FixtureFile("flac").bytes("mono_16/file")
    let sound = try FLACFile.read(DataBytes(bytes))
    for name in ["a.flac", "b.wav", "c"] {
      let source = DataSource(try folder.file(name, bytes))
      guard case .sound(let found) = try Record.Content(reading: source) else {
        Issue.record("\(name) is no sound")
        continue
      }
      #expect(found == sound)
      let record = Record(.file(source))
      let length = try record.soundLength(rate: 16_000)
      #expect(length.count == sound.count && length.rate == sound.rate)
    }
    guard case .sound(let found) = try Record.Content(reading: DataSource(bytes: bytes, name: "<stdin>"))
    else {
      Issue.record("standard input is no sound")
      return
    }
    #expect(found == sound)
  }
}

extension FLACFile {
  fileprivate static func recognizes(_ file: DataBytes) -> Bool { file.withBytes { recognizes($0) } }
}

@Suite struct MD5Tests {
  @Test(arguments: [
    ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
    (
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
      "57edf4a22be3c955ac49da2e2107b67a"
    ),
  ])
  func isThatOfTheStandard(_ text: String, _ expected: String) {
    var digest = MD5()
    for byte in text.utf8 { digest.update([byte]) }
    let hex = digest.finish().map { (byte: UInt8) -> String in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }
    #expect(hex.joined() == expected)
  }
}
