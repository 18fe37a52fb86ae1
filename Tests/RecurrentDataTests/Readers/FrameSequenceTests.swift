import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// When pictures are shown.
@Suite struct FrameSequenceTests {
  @Test func clocks() {
    let even = FrameSequence.clock(of: [0.125, 0.125])
    #expect(even.clock == StepClock(rate: 8) && even.durations == [0.125, 0.125])
    let uneven = FrameSequence.clock(of: [0.5, 0.5, 4, 0.5])
    #expect(uneven.clock.times == [0, 0.5, 1, 5] && uneven.durations == [0.5, 0.5, 4, 0.5])
    let partial = FrameSequence.clock(of: [0.25, 0, 0.5])
    #expect(partial.clock == StepClock(rate: 4) && partial.durations == [0.25, 0.25, 0.25])
    for count in 0..<3 {
      let none = FrameSequence.clock(of: [Double](repeating: 0, count: count))
      #expect(none.clock == StepClock(rate: 25) && none.durations == [Double](repeating: 0.04, count: count))
    }
  }

  /// A recording and its segments agree where a picture does not say how long it is shown.
  @Test func segmentsGoByTheClock() throws {
    let frames = (0..<3).map { [UInt8](repeating: UInt8(20 * $0), count: 4) }
    var bytes = gifFile(width: 2, height: 2, frames: frames, hundredths: 15)
    let delays = bytes.indices.dropLast().filter { bytes[$0] == 0x21 && bytes[$0 + 1] == 0xF9 }.map { $0 + 4 }
    #expect(delays.count == 3)
    bytes[delays[1]] = 0
    let folder = try ScratchFolder()
    let source = DataSource(try folder.file("x.gif", bytes))
    let clock = try #require(try Recording(source, reads: true, format: nil).record.clock)
    #expect(abs(clock.rate - 10) < 1e-9)
    guard case .pictures(let pictures) = try Record(.file(source), segment: 0..<0.1).read() else {
      throw CheckFailure("no pictures")
    }
    #expect(pictures.frames == [frames[0].flatMap { [2 * $0, 2 * $0, 2 * $0] }])
  }
}
