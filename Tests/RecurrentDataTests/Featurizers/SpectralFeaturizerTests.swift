import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct SpectralFeaturizerTests {
  @Test(arguments: ["bands", "coefficients", "band_differences", "limits", "nine_frames"])
  func agreesWithLibrosa(_ name: String) throws {
    let fixture = try FixtureFile("spectra")
    let options = try fixture.tensor("\(name)/options").doubles
    let featurizer = SpectralFeaturizer(
      rate: options[0], windowSize: Int(options[1]), hop: Int(options[2]), bandCount: Int(options[3]),
      lowest: options[4], highest: options[5] > 0 ? options[5] : nil,
      coefficientCount: options[6] > 0 ? Int(options[6]) : nil, deltaOrder: Int(options[7]))
    let samples = try fixture.tensor("\(name)/samples").scalars
    let frames = featurizer(samples)
    let expected = try fixture.tensor("\(name)/frames")
    #expect(expected.shape == [featurizer.frameCount(samples: samples.count), featurizer.featureCount])
    try requireClose(
      frames.flatMap { $0.map { Double($0) } }, expected.doubles, relative: 0, absolute: 1e-4, name)
  }

  @Test func windowsOfThirtyMilliseconds() {
    for (rate, window, hop) in [(8000.0, 256, 80), (16_000, 512, 160), (44_100, 2048, 441), (100, 64, 1)] {
      let featurizer = SpectralFeaturizer(rate: rate)
      #expect(featurizer.windowSize == window && featurizer.hop == hop)
    }
  }

  /// Nothing but silence is the floor everywhere; no sound has one frame.
  @Test(arguments: [0, 1, 399])
  func silence(_ count: Int) {
    let featurizer = SpectralFeaturizer(rate: 8000, bandCount: 5, deltaOrder: 2)
    let frames = featurizer([Float](repeating: 0, count: count))
    #expect(frames.count == 1 + count / 80)
    #expect(frames.allSatisfy { $0 == [Float](repeating: -100, count: 5) + [Float](repeating: 0, count: 10) })
  }

  /// Short sequences have the slopes and curvatures of the frames that there are.
  @Test(arguments: 1...12)
  func differencesOfLines(_ count: Int) throws {
    let frames = (0..<count).map { [3 * Double($0) - 1, Double($0 * $0)] }
    let (slopes, curves) = (
      SpectralFeaturizer.deltas(frames, order: 1), SpectralFeaturizer.deltas(frames, order: 2)
    )
    let isFlat = count < 3
    try requireClose(
      slopes.map { $0[0] }, [Double](repeating: isFlat ? 0 : 3, count: count), relative: 1e-12, absolute: 0,
      "slopes")
    try requireClose(
      curves.flatMap { $0 }, (0..<count).flatMap { _ in [0, isFlat ? 0 : 2] }, relative: 0, absolute: 1e-11,
      "curves")
  }
}
