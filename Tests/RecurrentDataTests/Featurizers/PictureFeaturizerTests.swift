import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct PictureFeaturizerTests {
  /// Grey pictures with the given bytes.
  private func pictures(_ frames: [[UInt8]], width: Int) -> FrameSequence {
    FrameSequence(
      width: width, height: frames[0].count / width, frames: frames.map { $0.flatMap { [$0, $0, $0] } },
      durations: frames.map { _ in 0.1 })
  }

  private func bytes(_ sequence: FeatureSequence) -> [Float] { sequence.values.map { ($0 * 255).rounded() } }

  @Test func picturesOfTheSizeStayAsTheyAre() {
    let own = pictures([[0, 1, 254, 255, 7, 9], [5, 4, 3, 2, 1, 0]], width: 3)
    let featurizer = PictureFeaturizer(fitting: own)
    #expect(featurizer == PictureFeaturizer(height: 2, width: 3) && featurizer.featureCount == 6)
    let sequence = featurizer(own)
    #expect(sequence.stepCount == 2 && bytes(sequence) == [0, 1, 254, 255, 7, 9, 5, 4, 3, 2, 1, 0])
  }

  @Test(
    arguments: [
      (1, 2, [30, 50]), (1, 1, [40]), (2, 1, [25, 55]),
      (4, 4, [10, 10, 40, 40, 10, 10, 40, 40, 50, 50, 60, 60, 50, 50, 60, 60]),
      (2, 3, [10, 25, 40, 50, 55, 60]),
    ] as [(Int, Int, [Float])])
  func eachPixelIsTheMeanOfItsArea(_ height: Int, _ width: Int, _ expected: [Float]) {
    let sequence = PictureFeaturizer(height: height, width: width)(pictures([[10, 40, 50, 60]], width: 2))
    #expect(bytes(sequence) == expected)
  }

  @Test func largePicturesAreMadeSmaller() {
    for (height, width, small) in [
      (64, 32, (64, 32)), (128, 64, (64, 32)), (1, 1000, (1, 64)), (480, 640, (48, 64)),
    ] {
      let large = FrameSequence(width: width, height: height, frames: [], durations: [])
      #expect(PictureFeaturizer(fitting: large) == PictureFeaturizer(height: small.0, width: small.1))
    }
    let even = pictures([[UInt8](repeating: 77, count: 100 * 70)], width: 100)
    #expect(Set(bytes(PictureFeaturizer(fitting: even)(even))) == [77])
  }
}
