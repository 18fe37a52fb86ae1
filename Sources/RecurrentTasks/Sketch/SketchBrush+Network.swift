#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What a network reads of a brush, and what it says of it. Its channels stand in the order pressure, width, colour.
extension SketchBrush {
  /// The numbers beside each step: a standardised value for each channel of numbers, 0 where nobody tells it, and one of the colours.
  var inputSize: Int { channelCount + (palette?.colours.count ?? 0) }

  /// The numbers of the network: mean and deviation of each channel of numbers, and a score for each colour.
  var outputSize: Int { 2 * channelCount + (palette?.colours.count ?? 0) }

  private var channelCount: Int { (pressure == nil ? 0 : 1) + (width == nil ? 0 : 1) }

  /// Writes the brush of a step to ``inputSize`` numbers.
  func write(_ value: BrushValue, to numbers: inout [Float], at start: Int) {
    var place = start
    for name in StrokeBrush.Channel.allCases {
      guard let channel = self[name] else { continue }
      numbers[place] = value[name].map { channel.standardized($0) } ?? 0
      place += 1
    }
    guard let palette else { return }
    let own = value.colour.map { palette.index(of: $0) }
    for index in palette.colours.indices { numbers[place + index] = index == own ? 1 : 0 }
  }

  /// Where the numbers of the network for a channel begin.
  private func start(of name: StrokeBrush.Channel) -> Int { name == .width && pressure != nil ? 2 : 0 }

  /// The numbers with which a network gives out what is likely without memory: of numbers the standard normal distribution, of colours their
  /// shares.
  var memorylessNumbers: [Float] {
    var numbers: [Float] = []
    for name in StrokeBrush.Channel.allCases {
      guard let channel = self[name] else { continue }
      let above = max(1 - Double(channel.leastDeviation), 1e-9)
      // the inverse of log(1 + e^x)
      numbers += [0, Float(log(expm1(above)))]
    }
    return numbers + (palette?.shares ?? []).map { Float(log($0)) }
  }

  /// Whether a channel is predicted at a step.
  private func isPredicted(_ isOfStroke: Bool, _ beginsStroke: Bool) -> Bool { !isOfStroke || beginsStroke }

  // MARK: Loss

  /// The sum of the losses of all values that the data tell.
  ///
  /// - Parameters:
  ///   - numbers: of the network, `[T * B, outputSize]`.
  ///   - drawings: the steps of the B rows.
  func loss(_ numbers: Tensor, _ drawings: [[PenStep]]) -> Tensor {
    var sum = numbers.constant(0)
    for name in StrokeBrush.Channel.allCases {
      guard let channel = self[name] else { continue }
      let first = start(of: name)
      add(channel.output, numbers.sliced(axis: 1, first..<first + 2), drawings, to: &sum) { step, begins in
        isPredicted(channel.isOfStroke, begins) ? step.brush[name].map { channel.standardized($0) } : nil
      }
    }
    if let palette {
      let first = 2 * channelCount
      let scores = numbers.sliced(axis: 1, first..<outputSize)
      add(palette.output, scores, drawings, to: &sum) { step, begins in
        begins ? step.brush.colour.map { Float(palette.index(of: $0)) } : nil
      }
    }
    return sum
  }

  private func add(
    _ output: some OutputDistribution, _ numbers: Tensor, _ drawings: [[PenStep]], to sum: inout Tensor,
    target: (_ step: PenStep, _ beginsStroke: Bool) -> Float?
  ) {
    let (rows, count) = (numbers.shape[0], drawings.count)
    var (targets, weights) = ([Float](repeating: 0, count: rows), [Float](repeating: 0, count: rows))
    for (row, steps) in drawings.enumerated() {
      for (index, step) in steps.enumerated() {
        guard let own = target(step, steps.beginsStroke(at: index)) else { continue }
        (targets[index * count + row], weights[index * count + row]) = (own, 1)
      }
    }
    let total = weights.reduce(0, +)
    guard total > 0 else { return }
    sum = sum + output.loss(numbers, Tensor(targets, shape: [rows, 1]), weights: Tensor(weights)) * total
  }

  /// How likely the brush of a step is, by ``outputSize`` numbers of the network.
  func nats(
    _ value: BrushValue, _ numbers: some RandomAccessCollection<Float>, beginsStroke: Bool
  ) -> BrushNats {
    nats(value, beginsStroke: beginsStroke) { name, channel, value in
      let own = channel.output
      return own.loss(own.parameters(numbers.dropFirst(start(of: name)).prefix(2)), of: Double(value))
    } colour: { palette, index in
      palette.output.loss(numbers.dropFirst(2 * channelCount).map { Double($0) }, of: index)
    }
  }

  /// How likely it is without memory.
  func memorylessNats(_ value: BrushValue, beginsStroke: Bool) -> BrushNats {
    nats(value, beginsStroke: beginsStroke) { _, channel, value in
      channel.output.loss([0, 1], of: Double(value))
    } colour: {
      -log($0.shares[$1])
    }
  }

  private func nats(
    _ value: BrushValue, beginsStroke: Bool,
    number: (StrokeBrush.Channel, Channel, _ standardized: Float) -> Double, colour: (Palette, Int) -> Double
  ) -> BrushNats {
    var nats = BrushNats()
    for name in StrokeBrush.Channel.allCases {
      guard let channel = self[name], isPredicted(channel.isOfStroke, beginsStroke), let own = value[name]
      else { continue }
      nats[name] = number(name, channel, channel.standardized(own))
    }
    if let palette, beginsStroke, let own = value.colour {
      nats.colour = colour(palette, palette.index(of: own))
    }
    return nats
  }

  // MARK: Draws

  /// Draws the brush of a step.
  ///
  /// - Parameters:
  ///   - numbers: of the network, ``outputSize``.
  ///   - temperature: at least 0.
  ///   - last: the step before; nil for the first one.
  ///   - key: of the random numbers.
  ///   - index: the number of the step.
  func sample(
    _ numbers: some RandomAccessCollection<Float>, temperature: Double, after last: PenStep?, key: RandomKey,
    index: Int
  ) -> BrushValue {
    let begins = last.map { $0.pen == .lifted } ?? true
    var value = BrushValue()
    for (child, name) in StrokeBrush.Channel.allCases.enumerated() {
      guard let channel = self[name] else { continue }
      guard isPredicted(channel.isOfStroke, begins) else {
        value[name] = last?.brush[name]
        continue
      }
      let own = channel.output
      let draw = own.sample(
        own.parameters(numbers.dropFirst(start(of: name)).prefix(2)), temperature: temperature,
        key: key.child(child), index: index)
      value[name] = channel.value(draw[0])
    }
    guard let palette else { return value }
    value.colour = last?.brush.colour
    if begins {
      let scores = numbers.dropFirst(2 * channelCount).map { Double($0) }
      let draw = palette.output.sample(
        scores, temperature: temperature, key: key.child(StrokeBrush.Channel.allCases.count), index: index)
      value.colour = palette.colours[Int(draw[0])]
    }
    return value
  }

  /// What the likeliest brush of the next step is: the means, and the colour of the highest score.
  func likeliest(_ numbers: some RandomAccessCollection<Float>, after last: PenStep?) -> BrushValue {
    sample(numbers, temperature: 0, after: last, key: RandomKey(seed: 0), index: 0)
  }

  // MARK: Graph

  /// What numbers of the network `[..., outputSize]` stand for: means and deviations in the units of the data, logarithms of the probabilities
  /// of colours.
  func graphParameters(_ numbers: Tensor) -> [Tensor] {
    let axis = numbers.rank - 1
    var parts: [Tensor] = []
    for name in StrokeBrush.Channel.allCases {
      guard let channel = self[name] else { continue }
      let own = channel.output.parameters(numbers.sliced(axis: axis, start(of: name)..<start(of: name) + 2))
      parts += [own[0] * channel.deviation + channel.mean, own[1] * channel.deviation]
    }
    if palette != nil { parts.append(logSoftmax(numbers.sliced(axis: axis, 2 * channelCount..<outputSize))) }
    return parts
  }
}

/// How likely the brush of a step is after the steps before it, in nats; nil of channels that are not predicted there.
public struct BrushNats: Sendable, Equatable {
  /// Of each channel.
  public var pressure, width, colour: Double?

  /// A channel of numbers by its name.
  subscript(channel: StrokeBrush.Channel) -> Double? {
    get {
      switch channel {
      case .pressure: pressure
      case .width: width
      }
    }
    set {
      switch channel {
      case .pressure: pressure = newValue
      case .width: width = newValue
      }
    }
  }

  /// Of all together.
  public var sum: Double { (pressure ?? 0) + (width ?? 0) + (colour ?? 0) }
}
