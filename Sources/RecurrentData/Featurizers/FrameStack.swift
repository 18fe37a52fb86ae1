/// Neighbouring frames as one step: so many beside each other, every so many frames. What is longer than the sequence is its last
/// frame again.
///
/// Frames f_0 ... f_(n-1) become steps s_i = (f_(i stride), ..., f_(i stride + size - 1)), 1 + (n - 1) / stride of them.
public struct FrameStack: Sendable, Equatable, Codable {
  /// Frames of a step.
  public var size: Int
  /// Frames from one step to the next.
  public var stride: Int

  /// So many frames, every so many.
  public init(size: Int, stride: Int) { (self.size, self.stride) = (size, stride) }

  /// Sizes and strides that make sense.
  public static let sizes = 1...64

  /// Steps of so many frames.
  public func stepCount(frames: Int) -> Int { frames == 0 ? 0 : 1 + (frames - 1) / stride }

  /// Frames `[frame * width + feature]` as steps `[step * size * width + feature]`.
  func callAsFunction(_ frames: [Float], width: Int) -> [Float] {
    let count = frames.count / width
    return (0..<stepCount(frames: count)).flatMap { step in
      (0..<size).flatMap { offset in
        let frame = min(step * stride + offset, count - 1)
        return frames[frame * width..<(frame + 1) * width]
      }
    }
  }

  /// Frames that come one after the other.
  struct Stream: Sendable {
    private let stack: FrameStack
    /// Frames that steps to come may need.
    private(set) var waiting: [[Float]] = []
    /// Frames to be passed over before the next step, where steps are further apart than they are long.
    private(set) var skipCount = 0

    init(_ stack: FrameStack) { self.stack = stack }

    /// Takes a frame in.
    ///
    /// - Returns: the step that ends with it.
    mutating func push(_ frame: [Float]) -> [Float]? {
      if skipCount > 0 {
        skipCount -= 1
        return nil
      }
      waiting.append(frame)
      guard waiting.count == stack.size else { return nil }
      let step = waiting.flatMap { $0 }
      skipCount = max(0, stack.stride - stack.size)
      waiting.removeFirst(min(stack.stride, stack.size))
      return step
    }

    /// The steps that lack frames at the end.
    mutating func finish() -> [[Float]] {
      guard let last = waiting.last else { return [] }
      let steps = Swift.stride(from: 0, to: waiting.count, by: stack.stride).map { first in
        (0..<stack.size).flatMap { first + $0 < waiting.count ? waiting[first + $0] : last }
      }
      waiting = []
      return steps
    }

    /// What is kept of the frames so far.
    var stored: [Int64] {
      [Int64(waiting.count), Int64(skipCount)] + waiting.flatMap { $0.map { Double($0).stored } }
    }

    /// Takes over what was kept of frames of so many numbers.
    mutating func restore(_ numbers: inout StoredNumbers, width: Int) {
      let count = numbers.integer(in: 0...stack.size - 1)
      skipCount = numbers.integer(in: 0...(count > 0 ? 0 : max(0, stack.stride - stack.size)))
      waiting = (0..<count).map { _ in numbers.doubles(width).map { Float($0) } }
    }
  }
}
