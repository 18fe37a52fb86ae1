import Foundation
import RecurrentData
import RecurrentTestSupport
import Testing

@Suite struct AugmentationTests {
  private let key = RandomKey(seed: 6)
  /// Steps 1, 2, ... of two features.
  private let ramp = FeatureSequence(featureCount: 2, values: (0..<80).map { Float($0 / 2 + 1) })
  private static let all = [
    Augmentation(noise: 0.1), Augmentation(stretch: 0.3), Augmentation(scale: 0.2),
    Augmentation(timeMasks: 2),
    Augmentation(featureMasks: 2), Augmentation(crop: 0.5), Augmentation(shift: 3), Augmentation(flips: true),
    Augmentation(
      noise: 0.1, stretch: 0.2, scale: 0.1, timeMasks: 1, featureMasks: 1, crop: 1, shift: 2, flips: true),
  ]

  private func values(_ sequence: FeatureSequence, feature: Int = 0) -> [Float] {
    stride(from: feature, to: sequence.values.count, by: sequence.featureCount).map { sequence.values[$0] }
  }

  /// The same key changes the same way, others other ways; steps stay whole.
  @Test(arguments: all)
  func isAFunctionOfTheKey(_ augmentation: Augmentation) {
    #expect(augmentation.isOn)
    let wide = FeatureSequence(featureCount: 20, values: (0..<800).map { Float($0 % 97 + 1) })
    let changed = (0..<20).map { augmentation(wide, key: key.child($0)) }
    #expect(changed == (0..<20).map { augmentation(wide, key: key.child($0)) })
    #expect(changed.contains { $0 != wide } && changed.contains { $0 != changed[0] })
    #expect(
      changed.allSatisfy { $0.stepCount > 0 && $0.featureCount == 20 && $0.values.allSatisfy(\.isFinite) })
    let one = FeatureSequence(featureCount: 1, values: [5])
    for child in 0..<20 { #expect(augmentation(one, key: key.child(child)).stepCount == 1) }
  }

  @Test func nothingIsAskedFor() {
    #expect(!Augmentation().isOn && Augmentation()(ramp, key: key) == ramp)
    let empty = ramp.part(0..<0)
    #expect(Augmentation(noise: 1)(empty, key: key) == empty)
  }

  @Test func crops() {
    for child in 0..<50 {
      let found = values(Augmentation(crop: 0.5)(ramp, key: key.child(child)))
      #expect((21...40).contains(found.count) && zip(found, found.dropFirst()).allSatisfy { $1 - $0 == 1 })
    }
  }

  @Test func stretches() {
    for child in 0..<20 {
      let found = Augmentation(stretch: 0.5)(ramp, key: key.child(child))
      #expect((20...60).contains(found.stepCount))
      // the ends stay, and what is between lies on the same line
      let column = values(found, feature: 1)
      #expect(column[0] == 1 && abs(column[column.count - 1] - 40) < 1e-4)
      let step = 39 / Float(column.count - 1)
      #expect(column.indices.allSatisfy { abs(column[$0] - 1 - Float($0) * step) < 1e-3 })
    }
  }

  @Test func scales() {
    for child in 0..<20 {
      let found = Augmentation(scale: 0.25)(ramp, key: key.child(child)).values
      #expect((0.75...1.25).contains(found[0]))
      #expect(zip(found, ramp.values).allSatisfy { abs($0 - $1 * found[0]) < 1e-4 })
    }
  }

  @Test func noiseHasItsDeviation() {
    let zeros = FeatureSequence(featureCount: 1, values: [Float](repeating: 0, count: 10_000))
    let found = Augmentation(noise: 0.5)(zeros, key: key).values
    let square = found.reduce(0) { $0 + $1 * $1 } / 10_000
    let mean = found.reduce(0, +) / 10_000
    #expect(abs(square.squareRoot() - 0.5) < 0.02)
    #expect(abs(mean) < 0.02)
  }

  @Test func masks() {
    let ones = FeatureSequence(featureCount: 20, values: [Float](repeating: 1, count: 2000))
    var (steps, features) = (0, 0)
    for child in 0..<50 {
      let time = Augmentation(timeMasks: 1)(ones, key: key.child(child)).values
      let rows = (0..<100).map { Set(time[$0 * 20..<($0 + 1) * 20]) }
      #expect(rows.allSatisfy { $0.count == 1 } && rows.count { $0 == [0] } <= 10)
      steps += rows.count { $0 == [0] }
      let band = Augmentation(featureMasks: 1)(ones, key: key.child(child)).values
      #expect((0..<100).allSatisfy { band[$0 * 20..<($0 + 1) * 20] == band[..<20] })
      #expect(band[..<20].count { $0 == 0 } <= 4)
      features += band[..<20].count { $0 == 0 }
    }
    #expect(steps > 100 && features > 25)
  }

  /// Masks have the size that is asked for, and fall on the same bands of all frames of a step.
  @Test func masksHaveASize() {
    let ones = FeatureSequence(featureCount: 20, values: [Float](repeating: 1, count: 2000))
    var (steps, bands) = (0, 0)
    for child in 0..<50 {
      let time = Augmentation(timeMasks: 1, timeMaskSize: 0.5)(ones, key: key.child(child)).values
      steps = max(steps, (0..<100).count { time[$0 * 20] == 0 })
      let band = Augmentation(featureMasks: 1, featureMaskSize: 1)(ones, frames: 2, key: key.child(child))
        .values
      #expect(band[..<10] == band[10..<20])
      bands = max(bands, band[..<10].count { $0 == 0 })
    }
    #expect((30...50).contains(steps) && (7...10).contains(bands))
  }

  @Test func picturesBecomeBrighterOrDarker() {
    let grey = FeatureSequence(featureCount: 2, bytes: [0, 102, 204, 255])
    let found = (0..<50).map { Augmentation(brightness: 0.2)(grey, key: key.child($0)).values }
    #expect(found.allSatisfy { $0.allSatisfy { (0...1).contains($0) } && $0[1] <= 0.61 && $0[1] >= 0.19 })
    #expect(found.contains { $0[1] > 0.5 } && found.contains { $0[1] < 0.3 })
    #expect(found.allSatisfy { abs($0[2] - $0[1] - 0.4) < 1e-6 || $0[2] == 1 })
  }

  @Test func framesAreDroppedAndDoubled() {
    var (dropped, doubled) = (0, 0)
    for child in 0..<50 {
      let found = values(Augmentation(frameJitter: 0.1)(ramp, key: key.child(child)))
      #expect(zip(found, found.dropFirst()).allSatisfy { $0 <= $1 } && !found.isEmpty)
      let counts = Dictionary(grouping: found) { $0 }.mapValues(\.count)
      #expect(counts.values.allSatisfy { $0 <= 2 })
      dropped += 40 - counts.count
      doubled += counts.values.count { $0 == 2 }
    }
    #expect((120...280).contains(dropped) && (120...280).contains(doubled))
    let one = FeatureSequence(featureCount: 1, values: [5])
    for child in 0..<20 { #expect(Augmentation(frameJitter: 0.5)(one, key: key.child(child)).stepCount > 0) }
  }

  /// A bundle of before has none of the newer settings, and those that nobody set are not written.
  @Test func isReadWithoutWhatCameLater() throws {
    let own = Augmentation(noise: 0.5, timeMasks: 2)
    let text = String(decoding: try JSONEncoder().encode(own), as: UTF8.self)
    for key in ["Size", "brightness", "Jitter", "speeds"] { #expect(!text.contains(key)) }
    #expect(try JSONDecoder().decode(Augmentation.self, from: Data(text.utf8)) == own)
    #expect(!Augmentation(speeds: [0.9, 1]).isOn)
  }

  @Test func picturesAreMovedAndMirrored() {
    let pictures = FeatureSequence(featureCount: 6, values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    var found: Set<[Float]> = []
    for child in 0..<200 {
      let moved = Augmentation(shift: 1, flips: true)(pictures, picture: (2, 3), key: key.child(child))
      #expect(moved.stepCount == 2)
      // both pictures move alike
      let (first, second) = (Array(moved.values[..<6]), Array(moved.values[6...]))
      #expect(second == first.map { $0 == 0 ? 0 : $0 + 6 })
      found.insert(first)
    }
    // three places each way, mirrored or not
    #expect(found.count == 18)
    #expect(
      found.isSuperset(of: [
        [1, 2, 3, 4, 5, 6], [3, 2, 1, 6, 5, 4], [0, 0, 0, 0, 1, 2], [5, 4, 0, 0, 0, 0], [5, 6, 0, 0, 0, 0],
      ]))
  }

  @Test func wordsAreDropped() {
    let text = FeatureSequence(
      tokens: [Int32](repeating: 7, count: 1000), featureCount: 1, values: [Float](repeating: 2, count: 1000))
    let found = Augmentation(noise: 1, wordDropout: 0.3)(text, key: key)
    #expect(Set(found.tokens) == [0, 7] && abs(found.tokens.count { $0 == 0 } - 300) < 60)
    #expect(zip(found.tokens, found.values).allSatisfy { ($0 == 0) == ($1 == 0) })
    #expect(Augmentation(noise: 1)(text, key: key) == text)
  }
}
