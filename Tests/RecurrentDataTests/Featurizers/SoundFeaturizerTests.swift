import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct SoundFeaturizerTests {
  @Test func bandsHaveMeanZeroAndDeviationOne() throws {
    let key = RandomKey(seed: 4)
    let sounds = (0..<3).map {
      Sound(rate: 8000, channels: [Tensor.random([1000 + 300 * $0], key: key.child($0)).scalars])
    }
    let records = sounds.map { Record(.sound($0), origin: "s") }
    let (featurizer, _) = try SoundFeaturizer.fit(
      RecordSource(records), labels: nil, classCount: 0,
      settings: FeatureSettings(bandCount: 6, deltaOrder: 0)
    ) { _ in }
    let features = try records.map { try featurizer($0) }
    #expect(features.map(\.stepCount) == [13, 17, 21] && featurizer.featureCount == 6)
    #expect(try records.map { try featurizer.stepCount($0) } == [13, 17, 21])
    let all = features.flatMap(\.values)
    for band in 0..<6 {
      let column = stride(from: band, to: all.count, by: 6).map { Double(all[$0]) }
      let mean = column.reduce(0, +) / Double(column.count)
      #expect(abs(mean) < 1e-5 && abs(column.reduce(0) { $0 + $1 * $1 } / Double(column.count) - 1) < 1e-4)
    }
    // two equal channels are one
    let stereo = Sound(rate: 8000, channels: [sounds[0].channels[0], sounds[0].channels[0]])
    #expect(try featurizer(Record(.sound(stereo), origin: "s")) == features[0])
  }

  private func fit(_ rates: [Double], _ settings: FeatureSettings = FeatureSettings(bandCount: 6)) throws -> (
    featurizer: SoundFeaturizer, notes: [DataNote]
  ) {
    let records = rates.map { rate in
      Record(
        .sound(Sound(rate: rate, channels: [RandomKey(seed: UInt64(rate)).uniforms(Int(rate / 4))])),
        origin: "s")
    }
    return try SoundFeaturizer.fit(RecordSource(records), labels: nil, classCount: 0, settings: settings) {
      _ in
    }
  }

  /// The rate is the one that most sounds have, of equally common ones the first, unless somebody says; others are said once.
  @Test func theCommonestRateIsTheModels() throws {
    let mixed = try fit([44_100, 16_000, 8000, 16_000])
    #expect(mixed.featurizer.spectrum.rate == 16_000)
    let texts = mixed.notes.map(\.text).filter { $0.contains("resampled") }
    #expect(texts == ["sound of 8 kHz (1 of 4), 44.1 kHz (1 of 4) is resampled to 16 kHz"])
    #expect(try fit([22_050, 8000]).featurizer.spectrum.rate == 22_050)
    let set = try fit([44_100, 44_100], FeatureSettings(bandCount: 6, sampleRate: 16_000))
    #expect(set.featurizer.spectrum.rate == 16_000)
    #expect(set.notes.map(\.text).contains("sound of 44.1 kHz is resampled to 16 kHz"))
    #expect(!(try fit([8000, 8000])).notes.contains { $0.text.contains("resampled") })
    // the heads of files alone tell what is said before a prediction
    let folder = try ScratchFolder()
    let path = try folder.file("a.wav", waveFile(rate: 11_025, samples: [0, 0.5, 0]))
    let notes = try set.featurizer.notes(on: RecordSource([Record(.file(DataSource(path)))]))
    #expect(notes.map(\.text) == ["sound of 11.025 kHz is resampled to 16 kHz"])
  }

  /// A featurizer that says nothing about it resamples as it was fitted: by the window of Hann.
  @Test func bundlesOfBeforeKeepTheirResampling() throws {
    let own = try fit([8000]).featurizer
    var text = String(decoding: try JSONEncoder().encode(own), as: UTF8.self)
    #expect(
      try JSONDecoder().decode(SoundFeaturizer.self, from: Data(text.utf8)) == own
        && own.resampling == .kaiser)
    #expect(!text.contains("stack"))
    text = text.replacing("\"resampling\":\"kaiser\",", with: "").replacing(
      ",\"resampling\":\"kaiser\"", with: "")
    let old = try JSONDecoder().decode(SoundFeaturizer.self, from: Data(text.utf8))
    #expect(old.resampling == .hann)
    let sound = Sound(rate: 11_025, channels: [RandomKey(seed: 5).uniforms(3000)])
    let samples = Resampler(from: 11_025, to: 8000, kernel: .hann)(sound.channels[0])
    let expected = try own(Record(.sound(Sound(rate: 8000, channels: [samples])), origin: "s"))
    #expect(try old(Record(.sound(sound), origin: "s")) == expected)
    #expect(try own(Record(.sound(sound), origin: "s")) != expected)
  }

  @Test func framesAreStacked() throws {
    let plain = try fit([8000, 8000]).featurizer
    let settings = FeatureSettings(bandCount: 6, stack: FrameStack(size: 3, stride: 2))
    let (own, notes) = try fit([8000, 8000], settings)
    #expect(own.featureCount == 3 * plain.featureCount && own.stepRate == 50 && plain.stepRate == 100)
    #expect(notes.contains { $0.text == "3 frames are one step, every 2 of them; 50 steps a second" })
    for count in [1, 80, 161, 400, 3000] {
      let record = Record(
        .sound(Sound(rate: 8000, channels: [RandomKey(seed: 2).uniforms(count)])), origin: "s")
      let (frames, steps) = (try plain(record), try own(record))
      #expect(try own.stepCount(record) == steps.stepCount && steps.stepCount == (frames.stepCount + 1) / 2)
      for step in 0..<steps.stepCount {
        var expected: [Float] = []
        for offset in 0..<3 {
          let frame = min(2 * step + offset, frames.stepCount - 1)
          expected += frames.part(frame..<frame + 1).values
        }
        #expect(steps.part(step..<step + 1).values == expected)
      }
    }
    var wrong = own
    wrong.stack = FrameStack(size: 0, stride: 1)
    #expect(own.issue == nil && wrong.issue?.contains("stack.size") == true)
  }

  /// Another speed is another length and another height; labels stay, times follow.
  @Test func soundsArePlayedAtSpeeds() throws {
    let events = [LabelledEvent(label: "x", start: 0.5, end: 1)]
    let sound = Sound(rate: 8000, channels: [ResamplerTests.tone(500, rate: 8000, count: 8000)])
    let source = RecordSource([
      Record(.sound(sound), label: "a", events: events, origin: "s"),
      Record(.sound(sound), label: "b", origin: "t"),
    ])
    #expect(source.played(at: [1]).count == 2)
    let played = source.played(at: [0.8, 1, 1.25])
    #expect(played.count == 6 && (0..<6).map { played.label($0) } == ["a", "a", "a", "b", "b", "b"])
    #expect(played.name(0) == "s at speed 0.8" && played.name(1) == "s")
    #expect(played.events(0)?.first?.start == 0.625 && played.events(2)?.first?.end == 0.8)
    #expect(try played.record(1) == source.record(0))
    for (index, speed) in [(3, 0.8), (5, 1.25)] {
      let record = try played.record(index)
      guard case .sound(let other) = record.content else { return }
      #expect(record.label == "b" && other.rate == 8000 && other.count == Int(8000 / speed))
      let expected = ResamplerTests.tone(500 * speed, rate: 8000, count: other.count)
      #expect(
        zip(other.channels[0], expected).dropFirst(100).dropLast(100).allSatisfy { abs($0 - $1) < 1e-3 })
      #expect(try played.record(index) == record)
    }
    let text = RecordSource([Record(.text("a"), origin: "s")]).played(at: [0.9, 1])
    #expect(throws: DataError.self) { try text.record(0) }
  }
}
