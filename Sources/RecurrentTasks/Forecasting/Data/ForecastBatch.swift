/// Windows side by side as numbers: a row for each target of each window, on the scale of its own look-back.
struct ForecastBatch {
  /// C: rows of a window.
  let targetCount: Int
  /// L: steps of the look-back.
  let lookBack: Int
  /// H: steps that are predicted.
  let horizon: Int
  /// The windows, B.
  let windows: [ForecastWindow]
  /// The scale of each row, R = B * C.
  private(set) var scales: [WindowNormalization.Scale] = []
  /// The look-back of each row `[R, L]`, what is missing filled with the value before it, or the first one behind.
  private(set) var history: [Float]
  /// 1 where a value of the look-back is known, else 0 `[R, L]`.
  private(set) var mask: [Float]
  /// Steps of the look-back that the series has, of each window.
  private(set) var lengths: [Int] = []
  /// What is predicted `[R, H]`; 0 where it is missing or not known yet.
  private(set) var truths: [Float]
  /// 1 where the truth is known, else 0 `[R, H]`.
  private(set) var weights: [Float]

  /// R.
  var rowCount: Int { windows.count * targetCount }

  init(_ windows: [ForecastWindow], featurizer: ForecastFeaturizer, lookBack: Int, horizon: Int) {
    self.windows = windows
    self.lookBack = lookBack
    self.horizon = horizon
    targetCount = featurizer.targets.count
    let rows = windows.count * targetCount
    history = [Float](repeating: 0, count: rows * lookBack)
    mask = history
    truths = [Float](repeating: 0, count: rows * horizon)
    weights = truths
    for (index, window) in windows.enumerated() {
      lengths.append(min(lookBack, window.origin))
      for target in 0..<targetCount { fill(index * targetCount + target, window, target, featurizer) }
    }
  }

  private mutating func fill(
    _ row: Int, _ window: ForecastWindow, _ target: Int, _ featurizer: ForecastFeaturizer
  ) {
    let steps = window.lookBack(lookBack, target: target)
    let scale = featurizer.normalization.scale(
      steps, deviation: featurizer.targetScaler.scales[target],
      center: featurizer.targetScaler.centers[target])
    scales.append(scale)
    let start = (row + 1) * lookBack - steps.count
    var last: Float?
    for (place, value) in steps.enumerated() {
      if value.isFinite {
        let number = Float(scale.normalized(value))
        // nothing was seen before the first value
        if last == nil { for before in start..<(start + place) { history[before] = number } }
        last = number
        mask[start + place] = 1
      }
      history[start + place] = last ?? 0
    }
    // a segment may begin before the series does
    if !steps.isEmpty { for before in (row * lookBack)..<start { history[before] = history[start] } }
    let values = window.series.values
    for step in 0..<horizon {
      let place = (window.origin + step) * targetCount + target
      if place < values.count, values[place].isFinite {
        truths[row * horizon + step] = Float(scale.normalized(values[place]))
        weights[row * horizon + step] = 1
      }
    }
  }

  /// A step of a row, from the first of the look-back to the last of the horizon, and 1 where it is known, else 0.
  func value(row: Int, step: Int) -> (value: Float, mask: Float) {
    if step < lookBack { return (history[row * lookBack + step], mask[row * lookBack + step]) }
    let place = row * horizon + step - lookBack
    return (truths[place], weights[place])
  }

  /// What steps of each window read `[B, count, V]` from a step before the origin on; zero before the series begins and beyond
  /// the horizon. Of the past alone every step behind the origin reads what was known there, whatever came later.
  func covariates(from first: Int, count: Int) -> [Float] {
    let width = windows.first?.series.covariateCount ?? 0
    let known = width - (windows.first?.series.pastCount ?? 0)
    var numbers = [Float](repeating: 0, count: windows.count * count * width)
    for (index, window) in windows.enumerated() {
      let values = window.series.covariates
      func copy(_ places: Range<Int>, of step: Int, to: Int) {
        let from = (window.origin + step) * width
        guard from >= 0, from + width <= values.count else { return }
        for place in places { numbers[to + place] = values[from + place] }
      }
      for step in 0..<count where first + step < horizon {
        let to = (index * count + step) * width
        copy(0..<known, of: first + step, to: to)
        copy(known..<width, of: min(first + step, 0), to: to)
      }
    }
    return numbers
  }

  /// What is known of the past alone over the last steps of the look-back of each window `[B, count, P]`; zero before the series
  /// begins.
  func past(count: Int) -> [Float] {
    let (width, own) = (windows.first?.series.covariateCount ?? 0, windows.first?.series.pastCount ?? 0)
    var numbers = [Float](repeating: 0, count: windows.count * count * own)
    for (index, window) in windows.enumerated() {
      let values = window.series.covariates
      for step in 0..<count {
        // a step's numbers are read at the next one
        let row = window.origin - count + step + 1
        guard row > 0, (row + 1) * width <= values.count else { continue }
        let (from, to) = ((row + 1) * width - own, (index * count + step) * own)
        for place in 0..<own { numbers[to + place] = values[from + place] }
      }
    }
    return numbers
  }

  /// What is the same throughout each window's series `[B, S]`.
  var statics: [Float] { windows.flatMap(\.series.statics) }
}
