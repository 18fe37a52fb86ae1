import Foundation
import Recurrent

extension Problem {
  /// Gives a ragged problem its lengths: log-normal with mean T and the deviation `spread` of the logarithm, at least
  /// 1, the same for everybody. T becomes the longest, and `mean` keeps what it was.
  mutating func drawLengths() {
    let (mean, spread) = (Double(self["T"]), numbers["spread"] ?? 0)
    let key = RandomKey(seed: UInt64(self["seed"]))
    let normal = Tensor(normalWithMean: 0, deviation: 1, shape: [self["B"]], key: key).scalars
    let drawn = normal.map { number in
      max(1, Int((mean * exp(spread * Double(number) - spread * spread / 2)).rounded()))
    }
    lengths = drawn
    numbers["mean"] = mean
    numbers["T"] = Double(drawn.max() ?? 1)
  }
}
