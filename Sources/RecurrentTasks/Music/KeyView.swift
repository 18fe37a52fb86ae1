/// What each key sees of a step from where it stands.
///
/// Of key k of K, where x_j is 1 for a key j that sounds and x_K for the mark of the beginning:
///
///     x_(k+d) of the keys around it, d = -R ... R
///     how many sound of each pitch class above it, c = 0 ... 11:   sum of x_j with j - k = c modulo 12
///     how many sound up to it:                                     sum of x_j / 2 with j <= k, less 1
///     where it stands:                                             p = (k - (K - 1) / 2) / 16 and p² / 2
///     the mark:                                                    x_K
///
/// All but where it stands is the same when all music is moved by semitones.
struct KeyView: Sendable {
  /// R: two octaves.
  static let reach = 24
  /// V, the numbers that a key sees.
  static let size = 2 * reach + 1 + 12 + 1 + 2 + 1

  /// K.
  let keyCount: Int
  /// `[K V, K + 1]` and `[K V]`; nothing of it is trained.
  private let weight, bias: [Float]

  /// From a step, `[..., K + 1]`, to what all keys see, `[..., K V]`.
  var map: Linear {
    Linear(weight: Tensor(weight, shape: [keyCount * KeyView.size, keyCount + 1]), bias: Tensor(bias))
  }

  /// The view of K keys.
  init(keyCount: Int) {
    let (reach, size) = (KeyView.reach, KeyView.size)
    var weight = [Float](repeating: 0, count: keyCount * size * (keyCount + 1))
    var bias = [Float](repeating: 0, count: keyCount * size)
    for key in 0..<keyCount {
      func add(_ number: Float, of place: Int, to feature: Int) {
        weight[(key * size + feature) * (keyCount + 1) + place] += number
      }
      let (classes, below) = (2 * reach + 1, 2 * reach + 13)
      for other in 0..<keyCount {
        if abs(other - key) <= reach { add(1, of: other, to: other - key + reach) }
        add(1, of: other, to: classes + (((other - key) % 12) + 12) % 12)
        if other <= key { add(0.5, of: other, to: below) }
      }
      let place = (Float(key) - Float(keyCount - 1) / 2) / 16
      bias[key * size + below] = -1
      (bias[key * size + below + 1], bias[key * size + below + 2]) = (place, place * place / 2)
      add(1, of: keyCount, to: below + 3)
    }
    (self.keyCount, self.weight, self.bias) = (keyCount, weight, bias)
  }

  /// What all keys see of steps: of `[N, K + 1]` the vectors `[N K, V]`, those of a step beside each other.
  func callAsFunction(_ steps: Tensor) -> Tensor {
    map(steps).reshaped(to: [steps.shape[0] * keyCount, KeyView.size])
  }
}
