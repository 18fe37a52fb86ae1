/// How the places of a resized axis lie between those of the axis that it is made from.
struct ResampledAxis {
  /// The weights of places of the old axis for one place of the new one, which is outside where there are none.
  typealias Taps = [(place: Int, weight: Double)]

  /// How the places between those of the old axis are filled.
  enum Interpolation {
    /// The one that a rule of rounding names.
    case nearest(@Sendable (Double) -> Double)
    case linear
    case cubic(a: Double)
  }

  /// The names that ONNX has for the ways from a place of the new axis to one of the old.
  enum Coordinates: String {
    case halfPixel = "half_pixel"
    case halfPixelSymmetric = "half_pixel_symmetric"
    case halfPixelOfPyTorch = "pytorch_half_pixel"
    case halfPixelOfTensorFlow = "tf_half_pixel_for_nn"
    case alignCorners = "align_corners"
    case asymmetric = "asymmetric"
    case cropAndResize = "tf_crop_and_resize"
  }

  /// Places before and after.
  let from, to: Int
  /// New places for each old one.
  let scale: Double
  /// The part of the old axis that becomes the new one, as shares; for ``Coordinates/cropAndResize``.
  let region: (start: Double, end: Double)
  let coordinates: Coordinates

  /// The place on the old axis, between its places, for a place of the new one.
  private func original(_ place: Int) -> Double {
    let (x, extent) = (Double(place), Double(from))
    // the extent that the scale asks for, which need not be whole
    let width = scale * extent
    switch coordinates {
    case .halfPixel: return (x + 0.5) / scale - 0.5
    case .halfPixelSymmetric:
      return extent / 2 * (1 - Double(to) / width) + (x + 0.5) / scale - 0.5
    case .halfPixelOfPyTorch: return to > 1 ? (x + 0.5) / scale - 0.5 : 0
    case .halfPixelOfTensorFlow: return (x + 0.5) / scale
    case .alignCorners: return width == 1 ? 0 : x * (extent - 1) / (width - 1)
    case .asymmetric: return x / scale
    case .cropAndResize:
      let first = region.start * (extent - 1)
      let span = (region.end - region.start) * (extent - 1)
      return first + (width == 1 ? span / 2 : x * span / (width - 1))
    }
  }

  /// For each place of the new axis what it is made from.
  ///
  /// - Parameters:
  ///   - antialiases: whether the weights reach as far as places of the new axis do where it is the shorter one.
  ///   - excludesOutside: whether places beyond the ends count as none, not as copies of the ends.
  func taps(_ interpolation: Interpolation, antialiases: Bool, excludesOutside: Bool) -> [Taps] {
    // the filter is as much wider as the axis becomes shorter
    let stretch = antialiases ? Swift.min(scale, 1) : 1
    return (0..<to).map { place in
      let x = original(place)
      if coordinates == .cropAndResize, x < 0 || x > Double(from - 1) { return [] }
      let reach: Double
      switch interpolation {
      case .nearest(let round): return [(clamped(round(x)), 1)]
      case .linear: reach = 1 / stretch
      case .cubic: reach = 2 / stretch
      }
      // of a place that lies on one of the old ones the window begins before it
      let left = x.rounded(.up) - 1
      let ratio = x - left
      let first = (-reach).rounded(.down) + 1
      var taps: Taps = []
      var total = 0.0
      for offset in stride(from: first, through: 1 - first, by: 1) {
        let weight = ResampledAxis.weight(interpolation, (offset - ratio) * stretch)
        let at = left + offset
        if excludesOutside, at < 0 || at > Double(from - 1) { continue }
        taps.append((clamped(at), weight))
        total += weight
      }
      return total == 0 ? taps : taps.map { ($0.place, $0.weight / total) }
    }
  }

  private func clamped(_ place: Double) -> Int {
    // NaN is the first
    place >= Double(from - 1) ? from - 1 : place > 0 ? Int(place) : 0
  }

  /// The filter at a distance from its middle.
  private static func weight(_ interpolation: Interpolation, _ distance: Double) -> Double {
    let x = Swift.abs(distance)
    switch interpolation {
    case .nearest: return 1
    case .linear: return Swift.max(0, 1 - x)
    case .cubic(let a):
      if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    }
  }
}
