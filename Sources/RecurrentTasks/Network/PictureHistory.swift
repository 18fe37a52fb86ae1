/// What a network sees of a picture: its brightness, what has changed since the picture before, and how it differs from the mean
/// of the pictures so far, each on the scale of the training part. The mean takes away what stands still.
struct PictureHistory: Sendable {
  /// Channels of a picture.
  static let channelCount = 3

  private let scale: PictureScale
  /// The picture before; empty at the beginning.
  private(set) var last: [Float] = []
  /// The sum of all pictures so far.
  private(set) var sum: [Float] = []
  private(set) var count = 0

  init(_ scale: PictureScale) { self.scale = scale }

  /// Goes on from what was kept.
  init(_ scale: PictureScale, last: [Float], sum: [Float], count: Int) {
    (self.scale, self.last, self.sum, self.count) = (scale, last, sum, count)
  }

  /// Appends the channels of the next picture, one after the other.
  mutating func append(_ pixels: some Collection<Float>, to channels: inout [Float]) {
    let pixels = Array(pixels)
    if count == 0 { (last, sum) = (pixels, [Float](repeating: 0, count: pixels.count)) }
    count += 1
    for index in pixels.indices { sum[index] += pixels[index] }
    let share = 1 / Float(count)
    for pixel in pixels { channels.append((pixel - scale.mean) / scale.deviation) }
    for (pixel, before) in zip(pixels, last) { channels.append((pixel - before) / scale.changeDeviation) }
    for (pixel, total) in zip(pixels, sum) {
      channels.append((pixel - total * share) / scale.motionDeviation)
    }
    last = pixels
  }
}
