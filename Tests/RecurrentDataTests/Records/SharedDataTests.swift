import RecurrentData
import RecurrentTestSupport
import Testing

/// Real data, where a folder with them is at hand.
@Suite(.enabled(if: sharedData != nil, "\(needsSharedData)"))
struct SharedDataTests {
  private func read(
    _ path: String, _ columns: RecordColumns = RecordColumns(), readsPixels: Bool = false
  ) throws -> [Record] {
    try RecordSource(
      DataSource((sharedData ?? "") + "/" + path), columns: columns, readsPixels: readsPixels
    ).records()
  }

  private func counts<Key>(_ records: [Record], _ key: (Record) -> Key?) -> [Key: Int] {
    Dictionary(grouping: records.compactMap(key)) { $0 }.mapValues(\.count)
  }

  private func series(_ record: Record) -> NumericSeries? {
    if case .series(let series) = record.content { series } else { nil }
  }

  @Test func sentences() throws {
    let data = try read("sentiment/rt-polarity")
    #expect(counts(data, \.label) == ["neg": 5331, "pos": 5331])
    let lengths = data.map { if case .text(let text) = $0.content { text.utf8.count } else { 0 } }
    #expect(lengths.allSatisfy { $0 > 1 && $0 < 400 })
  }

  @Test func spokenDigits() throws {
    let data = try read("speech/fsdd/labels.csv", RecordColumns(label: "digit", group: "speaker"))
    #expect(data.count == 900)
    #expect(counts(data, \.label) == Dictionary(uniqueKeysWithValues: (0..<10).map { ("\($0)", 90) }))
    #expect(counts(data, \.part) == [.training: 600, .test: 300] && counts(data, \.group).count == 6)
    for record in data {
      guard case .file(let file) = record.content else { throw CheckFailure("\(record) is no file") }
      let sound = try WaveFile.read(DataBytes(file))
      #expect(sound.rate == 8000 && sound.channels.count == 1 && sound.count > 1000)
    }
  }

  @Test func heartBeats() throws {
    for part in ["train", "test"] {
      let data = try read("healthcare/ecg200/\(part).csv")
      #expect(data.count == 100 && counts(data, \.label).keys.sorted() == ["ischemia", "normal"])
      #expect(data.allSatisfy { series($0)?.stepCount == 96 && series($0)?.channelCount == 1 })
    }
  }

  @Test func robots() throws {
    let data = try read("robotics/robot-execution-failures/lp1.csv")
    #expect(data.count == 88 && counts(data, \.label).count == 4)
    #expect(data.allSatisfy { series($0)?.stepCount == 15 })
    #expect(series(data[0])?.channels == ["fx", "fy", "fz", "tx", "ty", "tz"])
    #expect(series(data[0])?.values.prefix(6) == [-1, -1, 63, -3, -1, 0])
  }

  @Test func pictures() throws {
    let data = try read("video/grid-s1-commands-gif")
    #expect(
      data.count == 499 && counts(data, \.label).keys.sorted() == ["bin", "lay", "place", "set"])
    #expect(counts(data, \.part) == [.training: 359, .validation: 40, .test: 100])
    for record in data {
      guard case .file(let file) = record.content else { throw CheckFailure("\(record) is no file") }
      let pictures = try GIFFile.read(DataBytes(file))
      #expect(pictures.width == 64 && pictures.height == 32 && pictures.frames.count > 5)
    }
  }

  @Test(arguments: [("train10k", false), ("t10k", true)])
  func digits(_ name: String, _ readsPixels: Bool) throws {
    let data = try read(
      "synthetic-and-classic/mnist-20k/\(name)-images-idx3-ubyte.gz", readsPixels: readsPixels)
    #expect(data.count == 10_000 && counts(data, \.label).count == 10)
    let first = try #require(series(data[0]))
    #expect(first.stepCount == (readsPixels ? 784 : 28) && first.channelCount == (readsPixels ? 1 : 28))
    #expect(first.values.max() == 1 && first.values.min() == 0)
  }
}
