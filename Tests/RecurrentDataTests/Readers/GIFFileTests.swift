import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct GIFFileTests {
  private static let cases = [
    "disposal_0", "disposal_1", "disposal_2", "disposal_3", "disposal_mixed", "interlaced", "interlaced_1",
    "interlaced_2", "interlaced_3", "interlaced_4", "interlaced_5", "interlaced_7", "interlaced_8",
    "local_palettes", "global_and_local", "full_table_cleared", "full_table_kept", "one_colour", "gif87a",
    "pillow_disposal_0", "pillow_disposal_1", "pillow_disposal_2", "pillow_plain", "pillow_lists",
  ]

  @Test(arguments: cases)
  func readsTheFramesThatPillowShows(_ name: String) throws {
    let fixture = try FixtureFile("pictures")
    let pictures = try GIFFile.read(DataBytes(fixture.bytes("\(name)/file")))
    let shape = try fixture.file.array(named: "\(name)/frames").shape
    #expect([pictures.frames.count, pictures.height, pictures.width, 3] == shape)
    let expected = try fixture.bytes("\(name)/frames")
    let size = 3 * pictures.width * pictures.height
    for (index, frame) in pictures.frames.enumerated() {
      #expect(frame == Array(expected[index * size..<(index + 1) * size]), "frame \(index)")
    }
    let durations = try fixture.tensor("\(name)/durations").scalars
    #expect(pictures.durations.map { Float($0) } == durations)
    #expect(try GIFFile.durations(of: DataBytes(fixture.bytes("\(name)/file"))) == pictures.durations)
  }

  @Test func everyCaseIsTested() throws {
    #expect(try FixtureFile("pictures").file.names.count == 3 * GIFFileTests.cases.count)
  }

  @Test func greyIsBrightness() {
    let pictures = FrameSequence(
      width: 2, height: 2, frames: [[255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]], durations: [0])
    for (found, expected) in zip(pictures.grey(0), [0.299, 0.587, 0.114, 1] as [Float]) {
      #expect(abs(found - expected) < 1e-6)
    }
  }

  /// A picture of one black pixel on a screen.
  private func file(
    screen: [UInt8] = [1, 0, 1, 0], area: [UInt8] = [0, 0, 0, 0, 1, 0, 1, 0], minimum: UInt8 = 2,
    codes: [UInt8] = [2, 0x44, 0x01, 0], flags: UInt8 = 0x80, copies: Int = 1
  ) -> [UInt8] {
    let picture = [0x2C] + area + [0, minimum] + codes
    return Array("GIF89a".utf8) + screen + [flags, 0, 0] + (flags == 0 ? [] : [0, 0, 0, 255, 255, 255])
      + Array(repeatElement(picture, count: copies).joined()) + [0x3B]
  }

  @Test func refusesWhatItCannotRead() throws {
    #expect(try GIFFile.read(DataBytes(file())).frames == [[0, 0, 0]])
    let files: [([UInt8], String)] = [
      (file(screen: [0, 0, 1, 0]), "0 x 1"), (file(screen: [255, 255, 255, 255]), "65535 x 65535"),
      (file(area: [1, 0, 0, 0, 1, 0, 1, 0]), "a picture within 1 x 1"), (file(minimum: 9), "2 to 8 bits"),
      (file(codes: [1, 0x2C, 0]), "codes for 1 pixels"), (file(codes: [0]), "codes for 1 pixels"),
      // colour 3 of two, and without a palette
      (file(codes: [2, 0x5C, 0x01, 0]), "a colour of 2"), (file(flags: 0), "a colour of 0"),
      (Array(file().dropLast(16)) + [0x3B], "at least one picture"),
      (Array(file().dropLast()) + [7], "the byte 7"), (Array("GIF88a".utf8), "the mark"),
      // a few bytes that ask for much memory
      (
        file(screen: [255, 255, 255, 0], area: [0, 0, 0, 0, 255, 255, 255, 0]),
        "codes for \(65535 * 255) pixels"
      ),
      (file(screen: [255, 255, 255, 0], copies: 3), "bytes together"),
    ]
    for (bytes, part) in files {
      let error = #expect(throws: DataError.self) { try GIFFile.read(DataBytes(bytes)) }
      #expect("\(error.map { "\($0)" } ?? "")".contains(part))
    }
  }

  /// What is cut behind a picture has the pictures before.
  @Test(arguments: ["disposal_mixed", "local_palettes", "interlaced_5"])
  func withstandsDamage(_ name: String) throws {
    let bytes = try FixtureFile("pictures").bytes("\(name)/file")
    try checkFormat(bytes, isCutNoticed: false) { (bytes) throws(DataError) in
      _ = try GIFFile.read(DataBytes(bytes))
    }
  }
}
