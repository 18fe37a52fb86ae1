/// What a network sees of a picture: its brightness, what has changed since the picture before, and how it differs from the mean
/// of the pictures so far, each on the scale of the training part. The mean takes away what stands still.
package struct PictureHistory: Sendable {
  /// Channels of a picture.
  package static let channelCount = 3

  private let scale: PictureScale
  /// The picture before; empty at the beginning.
  package var last: [Float] = []
  /// The sum of all pictures so far, and how many there are.
  package var sum = RunningSum(width: 0)
  package var count = 0

  package init(_ scale: PictureScale) { self.scale = scale }

  /// Appends the channels of the next picture, one after the other.
  package mutating func append(_ pixels: some Collection<Float>, to channels: inout [Float]) {
    let pixels = Array(pixels)
    if count == 0 { (last, sum) = (pixels, RunningSum(width: pixels.count)) }
    count += 1
    sum.add(pixels)
    for pixel in pixels { channels.append((pixel - scale.mean) / scale.deviation) }
    for (pixel, before) in zip(pixels, last) { channels.append((pixel - before) / scale.changeDeviation) }
    for (pixel, mean) in zip(pixels, sum.mean(of: count)) {
      channels.append((pixel - mean) / scale.motionDeviation)
    }
    last = pixels
  }
}
