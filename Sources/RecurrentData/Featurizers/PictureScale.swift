/// The scale of the brightness of pictures and of what moves in them.
public struct PictureScale: Sendable, Equatable, Codable {
  /// The mean of the brightness of all pixels.
  public var mean: Float
  /// Its deviation.
  public var deviation: Float
  /// The deviation of what changes from one picture to the next.
  public var changeDeviation: Float
  /// The deviation from the mean of the pictures so far.
  public var motionDeviation: Float

  /// As the pictures are.
  public init() { (mean, deviation, changeDeviation, motionDeviation) = (0, 1, 1, 1) }

  /// Looks at the training part, a sequence after the other.
  ///
  /// - Parameters:
  ///   - count: sequences.
  ///   - read: one of them, with bytes as its numbers or floats.
  public init(fitting count: Int, read: (Int) throws -> FeatureSequence) rethrows {
    var (sum, squares, valueCount) = (0.0, 0.0, 0)
    var (changes, motions, changeCount) = (0.0, 0.0, 0)
    for index in 0..<count {
      let sequence = try read(index)
      let (values, width) = (sequence.values, sequence.featureCount)
      var means = [Float](repeating: 0, count: width)
      for step in 0..<sequence.stepCount {
        for pixel in 0..<width {
          let value = values[step * width + pixel]
          means[pixel] += (value - means[pixel]) / Float(step + 1)
          sum += Double(value)
          squares += Double(value) * Double(value)
          guard step > 0 else { continue }
          let change = Double(value - values[(step - 1) * width + pixel])
          let motion = Double(value - means[pixel])
          changes += change * change
          motions += motion * motion
          changeCount += 1
        }
      }
      valueCount += values.count
    }
    let mean = sum / Double(max(valueCount, 1))
    func root(_ variance: Double) -> Float { Float(max(variance, 1e-6).squareRoot()) }
    self.mean = Float(mean)
    deviation = root(squares / Double(max(valueCount, 1)) - mean * mean)
    changeDeviation = root(changes / Double(max(changeCount, 1)))
    motionDeviation = root(motions / Double(max(changeCount, 1)))
  }

  /// Whether every number is one that can be divided by.
  public var isValid: Bool {
    mean.isFinite && [deviation, changeDeviation, motionDeviation].allSatisfy { $0 > 0 && $0.isFinite }
  }
}
