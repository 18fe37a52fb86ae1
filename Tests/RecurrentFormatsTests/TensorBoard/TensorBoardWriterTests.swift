import RecurrentTestSupport
import Testing

@testable import RecurrentFormats

/// Event files: framing, checks and content, byte for byte.
@Suite struct TensorBoardWriterTests {
  @Test func checksum() {
    // the vectors of RFC 3720
    #expect(CRC32C.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.of([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.of(0..<32) == 0x46DD_794E)
  }

  @Test func records() throws {
    let folder = try ScratchFolder()
    let writer = try TensorBoardWriter(folder: folder.path + "/run") { 1.5 }
    try writer.scalar("loss", 0.25, step: 3)
    try writer.text("sample", "a", step: 4)
    let second = try TensorBoardWriter(folder: folder.path + "/run") { 1.5 }
    #expect(second.path != writer.path)
    let bytes = try MappedFile(path: writer.path).withBytes { Array($0) }
    var events: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let length = Array(rest.prefix(8))
      let count = length.reversed().reduce(0) { $0 << 8 | Int($1) }
      func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
      }
      #expect(number(rest.dropFirst(8).prefix(4)) == CRC32C.masked(length))
      let event = Array(rest.dropFirst(12).prefix(count))
      #expect(number(rest.dropFirst(12 + count).prefix(4)) == CRC32C.masked(event))
      events.append(event)
      rest = rest.dropFirst(16 + count)
    }
    let time: [UInt8] = [0x09, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F]
    #expect(events.count == 3)
    #expect(events[0] == time + [0x1A, 13] + Array("brain.Event:2".utf8))
    #expect(
      events[1] == time + [0x10, 3, 0x2A, 13, 0x0A, 11, 0x0A, 4] + Array("loss".utf8) + [
        0x15, 0, 0, 0x80, 0x3E,
      ])
  }

  @Test func histograms() {
    let histogram = TensorBoardHistogram([-1, 0, 0, 2, .nan, .infinity])
    #expect(histogram.count == 4 && histogram.minimum == -1 && histogram.maximum == 2)
    #expect(histogram.sum == 1 && histogram.sumOfSquares == 5)
    #expect(histogram.counts.reduce(0, +) == 4 && histogram.counts.first == 0 && histogram.counts.last == 0)
    #expect(histogram.limits == histogram.limits.sorted() && histogram.limits.count == histogram.counts.count)
    // a bucket holds what is below its limit and not below that of the one before
    let place = histogram.limits.firstIndex { $0 > 2 }
    #expect(place.map { histogram.counts[$0] } == 1)
    #expect(TensorBoardHistogram([]).counts.isEmpty)
    #expect(TensorBoardHistogram([3e38, -3e38]).counts.reduce(0, +) == 2)
  }
}
