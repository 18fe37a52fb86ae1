import RecurrentCore
import RecurrentLayers
import Testing

@testable import RecurrentTasks

@Suite struct SharedKeyNetworkTests {
  /// What a key sees, as the documentation says it.
  private static func seen(_ step: [Float], _ key: Int) -> [Float] {
    let keys = step.count - 1
    let around: [Float] = (-KeyView.reach...KeyView.reach).map { offset in
      (0..<keys).contains(key + offset) ? step[key + offset] : 0
    }
    var classes = [Float](repeating: 0, count: 12)
    for other in 0..<keys { classes[(other - key + 1200) % 12] += step[other] }
    var below: Float = -1
    for other in 0...key { below += step[other] / 2 }
    let place = (Float(key) - Float(keys - 1) / 2) / 16
    return around + classes + [below, place, place * place / 2, step[keys]]
  }

  @Test func keysSeeWhatIsAround() {
    let keys = 30
    let draws = RandomKey(seed: 2).uniforms(4 * (keys + 1))
    let steps: [Float] = draws.map { $0 < 0.3 ? 1 : 0 }
    let view = KeyView(keyCount: keys)
    let own = view(Tensor(steps, shape: [4, keys + 1]))
    #expect(own.shape == [4 * keys, KeyView.size])
    var expected: [Float] = []
    for row in 0..<4 {
      let step = Array(steps[row * (keys + 1)..<(row + 1) * (keys + 1)])
      for key in 0..<keys { expected += Self.seen(step, key) }
    }
    #expect(own.scalars == expected)
  }

  private static func network(_ keys: Int) -> SharedKeyNetwork {
    SharedKeyNetwork(
      MusicConfiguration(representation: .roll, cell: CellChoice(.lstm), keyHiddenSize: 5), hiddenSize: 5,
      keyCount: keys, key: RandomKey(seed: 3))
  }

  /// Music that is moved by semitones moves the scores, but for what the network hears of where keys stand.
  @Test func scoresMoveWithTheMusic() {
    let (keys, shift) = (40, 7)
    var network = Self.network(keys)
    var deafening = Deafening(inputs: KeyView.size - 3..<KeyView.size - 1)
    network.walk(&deafening)
    let sounding = [[10, 14, 17], [10, 15, 19], [], [12, 26]]
    func scores(movedBy shift: Int) -> [Float] {
      var numbers = [Float](repeating: 0, count: sounding.count * (keys + 1))
      for (step, tones) in sounding.enumerated() {
        for tone in tones { numbers[step * (keys + 1) + tone + shift] = 1 }
      }
      return network(
        Tensor(numbers, shape: [sounding.count, 1, keys + 1]), lengths: nil, state: nil, mode: .inference
      ).scores.scalars
    }
    let (here, there) = (scores(movedBy: 0), scores(movedBy: shift))
    for step in sounding.indices {
      for key in 0..<keys - shift {
        #expect(here[step * keys + key] == there[step * keys + key + shift], "\(step) \(key)")
      }
    }
    #expect(Set(here).count > keys)
  }
}

/// Makes weights of what a key sees zero for some of its numbers.
private struct Deafening: ParameterVisitor {
  var path = ParameterPath()
  let inputs: Range<Int>

  mutating func visitParameter(_ name: String, _ parameter: inout Tensor) {
    guard parameter.shape.last == KeyView.size else { return }
    var numbers = parameter.scalars
    for place in numbers.indices where inputs.contains(place % KeyView.size) { numbers[place] = 0 }
    parameter = Tensor(numbers, shape: parameter.shape)
  }
}
