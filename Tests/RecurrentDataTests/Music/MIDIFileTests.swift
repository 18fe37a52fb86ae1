import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct MIDIFileTests {
  private func read(_ bytes: [UInt8]) throws -> MIDIFile { try MIDIFile(DataBytes(bytes, path: "x.mid")) }

  private func big(_ value: Int, _ count: Int) -> [UInt8] { Array(Archives.little(value, count).reversed()) }

  private func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    Array(name.utf8) + big(bytes.count, 4) + bytes
  }

  private func file(_ tracks: [[UInt8]], format: Int = 1, division: Int = 96, count: Int? = nil) -> [UInt8] {
    chunk("MThd", big(format, 2) + big(count ?? tracks.count, 2) + big(division, 2))
      + tracks.flatMap { chunk("MTrk", $0) }
  }

  private let end: [UInt8] = [0, 0xFF, 0x2F, 0]

  private func numbers(_ note: MIDIFile.Note) -> [Int] {
    [note.key, note.velocity, note.start, note.end, note.channel, note.track, note.program]
  }

  // MARK: Other programs

  @Test func readsWhatMidoReads() throws {
    for own in try MusicFixture.read().files {
      let file = try read(MusicFixture.bytes(own.bytes))
      #expect(file.notes.map(numbers) == own.notes)
      #expect(abs(file.seconds - own.seconds) < 1e-9, "\(file.seconds), by mido \(own.seconds)")
    }
  }

  /// Lengths by mido where it is right; see the README of the data.
  static let odd: [(name: String, notes: Int, seconds: Double?, warnings: Int)] = [
    ("bach-846-prelude", 1284, 296.66952770833325, 0), ("bach-format0", 415, 69.5, 0),
    ("temple", 100, 70.59375, 0), ("town", 393, 49.64974807291669, 0), ("body-count", 1720, 123.875, 0),
    ("backstab", 1137, 96, 0), ("running-status-metaevent", 8, 4, 1), ("alien-chunk", 8, nil, 1),
    ("bad-track-count", 4, nil, 1), ("smpte-25x40", 298, 92.761, 0),
  ]

  @Test(.enabled(if: sharedData != nil, "\(needsSharedData)")) func oddFilesAreRead() throws {
    let folder = (sharedData ?? "") + "/music/midi-odd/"
    for own in Self.odd {
      let file = try MIDIFile(DataBytes(DataSource(folder + own.name + ".mid")))
      #expect(file.notes.count == own.notes, "\(own.name)")
      #expect(file.warnings.count == own.warnings, "\(own.name): \(file.warnings)")
      if let seconds = own.seconds {
        #expect(abs(file.seconds - seconds) < 5e-4, "\(own.name): \(file.seconds), expected \(seconds)")
      }
    }
    let error = #expect(throws: DataError.self) {
      try MIDIFile(DataBytes(DataSource(folder + "type-2.mid")))
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("format 2"))
  }

  // MARK: Structure

  @Test func runningStatusGoesOnBehindOtherEvents() throws {
    // on, a text, on with the status of before, a system message, off by velocity 0, a status anew
    let events: [UInt8] =
      [0, 0x90, 60, 64, 10, 0xFF, 1, 1, 65, 5, 62, 64, 3, 0xF0, 2, 1, 0xF7, 2, 60, 0, 1, 0x80, 62, 9] + end
    let file = try read(file([events], format: 0))
    #expect(file.notes.map(numbers) == [[60, 64, 0, 20, 0, 0, 0], [62, 64, 15, 21, 0, 0, 0]])
    #expect(file.warnings == ["track 1: 2 events go on with a status that another event had ended"])
  }

  @Test func theNoteThatBeganFirstEndsFirst() throws {
    let events: [UInt8] = [
      0, 0x90, 60, 64, 10, 60, 70, 10, 0x80, 60, 0, 10, 60, 0, 5, 60, 0, 0, 0x90, 61, 1, 20, 0xFF, 0x2F, 0,
    ]
    let file = try read(file([events]))
    #expect(file.notes.map { [$0.key, $0.start, $0.end] } == [[60, 0, 20], [60, 10, 30], [61, 35, 55]])
    #expect(
      file.warnings == [
        "track 1: 1 notes without an end last until that of the track",
        "track 1: 1 ends without a note count for nothing",
      ])
  }

  /// Many notes of a key at a time, and many pedals, take time by their number alone.
  @Test(.timeLimit(.minutes(1))) func crowdsAreRead() throws {
    let count = 150_000
    let on: [UInt8] = [0, 0x90, 60, 64] + (1..<count).flatMap { _ -> [UInt8] in [0, 60, 64] }
    let off: [UInt8] = (0..<count).flatMap { _ -> [UInt8] in [1, 60, 0] }
    let pedals: [UInt8] = [0, 0xB0, 64, 127] + (1..<count).flatMap { _ -> [UInt8] in [0, 64, 127] }
    let crowd = try read(file([pedals + on + off + end]))
    #expect(crowd.warnings.isEmpty && crowd.notes.count == count && crowd.pedals.count == count)
    #expect(crowd.notes.map(\.end).max() == count && crowd.sustained.count == count)
  }

  @Test func tempiOfAllTracksCount() throws {
    // half the tempo in the second track from tick 96 on, and of two at tick 192 the later
    let tempi: [[UInt8]] = [
      [96, 0xFF, 0x51, 3], big(1_000_000, 3), [96, 0xFF, 0x51, 3], big(1, 3), [0, 0xFF, 0x51, 3],
      big(250_000, 3), end,
    ]
    let second: [UInt8] = tempi.flatMap { $0 }
    let file = try read(file([[0x83, 0x00] + end.dropFirst(), second]))
    #expect(file.endTick == 384 && file.clock.tempi.map(\.tick) == [96, 192])
    #expect(file.clock.microseconds(at: 96) == 500_000 && file.clock.microseconds(at: 192) == 1_500_000)
    #expect(file.seconds == 2)
    #expect(file.clock.microseconds(at: 97) == 500_000 + 1_000_000 / 96)
  }

  @Test(arguments: [(24, 24.0), (25, 25.0), (29, 30000.0 / 1001), (30, 30.0)])
  func ticksMayBePartsOfSeconds(_ rate: Int, _ frames: Double) throws {
    let events: [UInt8] = [0, 0xFF, 0x51, 3, 0, 0, 1, 0, 0x90, 60, 1, 0x87, 0x68, 0x80, 60, 0] + end
    let file = try read(file([events], division: (256 - rate) << 8 | 40))
    #expect(file.clock.tempi.isEmpty && file.endTick == 1000)
    #expect(abs(file.seconds - 1000 / 40 / frames) < 1e-12)
    #expect(abs(Double(file.clock.microseconds(at: 1000)) - file.seconds * 1e6) <= 1)
  }

  @Test func wrappedAndForeignChunks() throws {
    let plain = file([[0, 0x90, 60, 1, 10, 60, 0] + end])
    let data = Array("data".utf8) + Archives.little(plain.count, 4) + plain
    let other = Array("abcd".utf8) + Archives.little(3, 4) + [1, 2, 3, 0]
    let riff = Array("RIFF".utf8) + Archives.little(4 + other.count + data.count, 4) + Array("RMID".utf8)
    #expect(try read(riff + other + data).notes == read(plain).notes)
    let head = plain.prefix(14)
    let foreign = Array(head) + chunk("XFIH", [1, 2, 3]) + plain.dropFirst(14)
    #expect(try read(foreign).notes == read(plain).notes)
    // a longer head is passed over
    let long = chunk("MThd", Array(plain[8..<14]) + [9, 9]) + plain.dropFirst(14)
    #expect(try read(long).notes == read(plain).notes)
  }

  @Test func whatIsWholeOfACutTrackIsKept() throws {
    let events: [UInt8] = [0, 0x90, 60, 64, 10, 60, 0, 10, 62, 64, 10, 62, 0] + end
    let whole = file([events])
    for count in 22..<whole.count {
      let file = try read(Array(whole.prefix(count)))
      #expect(!file.warnings.isEmpty, "\(count)")
      #expect(file.notes.count == (count >= 32 ? 2 : count >= 26 ? 1 : 0), "\(count)")
    }
  }

  /// Bytes behind a mark.
  private static func marked(_ mark: String, _ bytes: [UInt8]) -> [UInt8] { Array(mark.utf8) + bytes }

  private static let none: [([UInt8], String)] = [
    ([1, 2, 3, 4], "MThd"), (marked("MThd", [0, 0, 0, 5, 0, 1, 0, 1, 0]), "6 bytes"),
    (marked("MThd", [0, 0, 0, 6, 0, 1, 0, 1, 0, 0]), "ticks of a quarter"),
    (marked("MThd", [0, 0, 0, 6, 0, 3, 0, 1, 0, 96]), "format 3"),
    (marked("MThd", [0, 0, 0, 6, 0, 1, 0, 1, 0xE0, 40]), "frames"),
    (marked("MThd", [0, 0, 0, 6, 0, 1, 0, 1, 0, 96]), "a track"),
    (marked("RIFF", [0, 0, 0, 0, 0x57, 0x41, 0x56, 0x45]), "RMID"),
  ]

  @Test(arguments: none) func whatIsNoneIsRefused(_ bytes: [UInt8], _ reason: String) {
    let error = #expect(throws: DataError.self) { try read(bytes) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(reason))
  }

  @Test func damagedEventsEndTheirTrackAlone() throws {
    let good: [UInt8] = [0, 0x90, 60, 64, 10, 60, 0] + end
    for bad in [[0, 60, 64], [0x80, 0x80, 0x80, 0x80, 0, 0x90, 1, 1], [0, 0xF4], [0, 0xFF, 1, 9, 1]]
      as [[UInt8]]
    {
      let file = try read(file([good + good, bad, good]))
      #expect(file.notes.count == 2 && file.warnings.count == 1, "\(bad): \(file.warnings)")
    }
    // numbers beyond seven bits, a tempo of nothing
    let odd = try read(file([[0, 0x90, 200, 255, 10, 0x80, 127, 0, 0, 0xFF, 0x51, 3, 0, 0, 0] + end]))
    #expect(odd.notes.map(numbers) == [[127, 127, 0, 10, 0, 0, 0]] && odd.warnings.count == 2)
    #expect(odd.clock.tempi.isEmpty)
  }

  // MARK: Pedal

  @Test func pedalsHoldNotes() {
    func note(_ key: Int, _ start: Int, _ end: Int, _ channel: Int = 0) -> MIDIFile.Note {
      MIDIFile.Note(key: key, start: start, end: end, channel: channel)
    }
    func pedal(_ tick: Int, _ isDown: Bool, _ channel: Int = 0) -> MIDIFile.Pedal {
      MIDIFile.Pedal(tick: tick, channel: channel, isDown: isDown)
    }
    let file = MIDIFile(
      notes: [
        note(60, 0, 10), note(62, 5, 30), note(60, 15, 20), note(64, 40, 50), note(36, 5, 6, 9),
        note(65, 60, 70),
        note(61, 5, 10, 1),
      ],
      pedals: [pedal(5, true), pedal(25, false), pedal(55, true), pedal(1, true, 9)])
    // until the key is struck again, until the release, not where it ends behind; to the end where nothing releases
    let ends = Dictionary(grouping: file.sustained) { [$0.channel, $0.key, $0.start] }.mapValues { $0[0].end }
    #expect(
      ends == [
        [0, 60, 0]: 15, [0, 62, 5]: 30, [0, 60, 15]: 25, [0, 64, 40]: 50, [9, 36, 5]: 6, [0, 65, 60]: 70,
        [1, 61, 5]: 10,
      ])
    #expect(file.notes.allSatisfy { $0.end <= 70 })
  }

  // MARK: Writing

  @Test func writtenFilesAreReadBack() throws {
    for seed in 0..<60 {
      let draws = RandomKey(seed: UInt64(seed)).integers(300, below: 1 << 20)
      var place = 0
      func next(_ limit: Int) -> Int {
        defer { place += 1 }
        return draws[place] % limit
      }
      let tracks = 1 + next(3)
      var free = [Int: Int]()
      var notes: [MIDIFile.Note] = []
      for _ in 0..<next(30) {
        let (track, channel, key) = (next(tracks), next(16), 50 + next(4))
        // notes of one key and place follow each other; some have no length
        let start = free[track << 16 | channel << 8 | key] ?? 0
        let begin = start + next(500)
        let end = begin + next(4) * next(700)
        free[track << 16 | channel << 8 | key] = end + (end == begin ? 1 : 0)
        notes.append(
          MIDIFile.Note(
            key: key, velocity: 1 + next(127), start: begin, end: end, channel: channel, track: track,
            program: channel * 3))
      }
      let clock = MIDIClock(
        division: next(4) == 0 ? .frame(ticks: 40, rate: 25) : .quarter(1 + next(1000)),
        tempi: (0..<next(4)).map { _ in .init(tick: next(2000), quarter: 1 + next(1 << 20)) })
      let file = MIDIFile(
        notes: notes, clock: clock, metres: [MIDIFile.Metre(tick: 0, beats: 1 + next(12), unit: 1 << next(5))]
      )
      let back = try read(file.bytes)
      #expect(back.warnings.isEmpty && back.format == 1, "\(back.warnings)")
      // the first track has tempi and metres alone
      #expect(
        back.notes
          == file.notes.map { note in
            var own = note
            own.track += 1
            return own
          })
      #expect(back.clock == file.clock && back.metres == file.metres && back.endTick >= file.endTick)
    }
  }

  @Test func longRestsAreWritten() throws {
    let late = 1 << 30
    let file = MIDIFile(notes: [MIDIFile.Note(key: 60, start: late, end: late + 5)])
    #expect(try read(file.bytes).notes.map { [$0.start, $0.end] } == [[late, late + 5]])
  }

  // MARK: Damage

  @Test func withstandsDamage() throws {
    for own in try MusicFixture.read().files {
      try checkFormat(MusicFixture.bytes(own.bytes), rounds: 800, isCutNoticed: false) {
        (bytes) throws(DataError) in
        let file = try MIDIFile(DataBytes(bytes, path: "x.mid"))
        _ = (file.seconds, file.sustained.count)
        for note in file.notes where note.end < note.start || !(0...127).contains(note.key) {
          fatalError("\(note)")
        }
        _ = try? MusicGrid(stepsPerQuarter: 12).piece(file, name: "x.mid")
      }
    }
  }

  @Test func structureWithstandsDamage() throws {
    let bytes = MusicFixture.bytes(try MusicFixture.read().files[1].bytes)
    try checkStructure(damagedNumbers(Array(bytes.prefix(160)), most: 3000), naming: "x.mid") {
      _ = try MIDIFile(DataBytes($0, path: "x.mid")).seconds
    }
  }
}
