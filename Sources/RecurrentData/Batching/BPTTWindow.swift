/// One step of truncated back-propagation through time: T' steps of B streams.
public struct BPTTWindow: Sendable, Equatable {
  /// The tokens, time-major `[T', B]`: step t of stream b is `values[t * B + b]`.
  public let inputs: Indices
  /// The token after each of `inputs`, `[T', B]`.
  public let targets: Indices
  /// What to multiply the learning rate by: T'/T under ``RandomisedWindows``, else 1.
  public let learningRateFactor: Float
}

extension BPTTWindow {
  /// The window with some of its streams replaced by those of the same stretches in a text that is read from its end: of B streams
  /// of that stream b stands for stream B - 1 - b of this.
  ///
  /// - Parameters:
  ///   - streams: for each stream whether it is replaced.
  ///   - other: a window of as many steps and streams.
  package func replacing(streams: [Bool], by other: BPTTWindow) -> BPTTWindow {
    let batch = streams.count
    func mixed(_ own: Indices, _ others: Indices) -> Indices {
      var values = own.values
      for step in 0..<own.shape[0] {
        for (stream, isReplaced) in streams.enumerated() where isReplaced {
          values[step * batch + stream] = others.values[step * batch + batch - 1 - stream]
        }
      }
      return Indices(values, shape: own.shape)
    }
    return BPTTWindow(
      inputs: mixed(inputs, other.inputs), targets: mixed(targets, other.targets),
      learningRateFactor: learningRateFactor)
  }
}
