import RecurrentReports

/// What a ``TrainingWatch`` saw in one step.
public struct WatchReport: Sendable, Equatable {
  /// The parameters of one layer.
  public struct Layer: Sendable, Equatable {
    /// What their names have in common.
    public var name: String
    /// The norm of their gradient before clipping.
    public var gradientNorm: Double
    /// The norm of themselves behind the step.
    public var norm: Double
  }

  /// Which step.
  public var position: StepPosition
  /// Steps since the beginning, this one included.
  public var stepCount: Int
  /// Gradients and parameters by layer, in the order of the model.
  public var layers: [Layer]
  /// The cells of recurrent layers that read several steps.
  public var cells: [CellHealth]
  /// The share of the steps since the last report whose gradient was clipped; nil where nothing is.
  public var clippedShare: Double?
  /// What is wrong and was not before.
  public var advice: [Advice]

  /// Lags that are shown of a reach.
  public static let lags = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

  /// Names the layer of a parameter: what stands before its last dot, and the number of a recurrent layer.
  static func layer(of parameter: String) -> String {
    let parts = parameter.split(separator: ".")
    let place = parts.dropLast().joined(separator: ".")
    guard let last = parts.last, let suffix = last.ranges(of: "_l").last,
      last[suffix.upperBound...].first?.isNumber ?? false
    else { return place.isEmpty ? parameter : place }
    let number = last[suffix.upperBound...]
    return place.isEmpty ? "l\(number)" : "\(place) l\(number)"
  }

  /// The norms of a gradient and of a model by layer.
  static func layers<M: Module>(_ model: M, gradient: M) -> [Layer] {
    func square(_ value: Tensor) -> Double { value.backend.sumOfSquares(value) }
    var (all, places) = ([Layer](), [String: Int]())
    for (own, parameter) in zip(gradient.parameters, model.parameters) {
      let name = layer(of: own.name)
      if places[name] == nil {
        places[name] = all.count
        all.append(Layer(name: name, gradientNorm: 0, norm: 0))
      }
      let place = places[name] ?? 0
      all[place].gradientNorm += square(own.value)
      all[place].norm += square(parameter.value)
    }
    return all.map {
      Layer(name: $0.name, gradientNorm: $0.gradientNorm.squareRoot(), norm: $0.norm.squareRoot())
    }
  }

  /// The report in a few short lines.
  public var lines: [String] {
    var first =
      "watch: |g| " + layers.map { "\($0.name) \(significant($0.gradientNorm, 2))" }.joined(separator: ", ")
    if let clippedShare { first += "; clipped \(rounded(clippedShare * 100, 0)) %" }
    return [first]
      + cells.map { cell in
        let lags = WatchReport.lags.filter { cell.reach.byLag.indices.contains($0) }.suffix(4)
        var line = "watch: \(label(cell)) reach \(cell.reach.words)"
        if !lags.isEmpty {
          line +=
            " (lag " + lags.map { "\($0): \(significant(cell.reach.byLag[$0], 2))" }.joined(separator: ", ")
            + ")"
        }
        if let saturated = cell.saturated { line += "; saturated \(percent(saturated))" }
        if cell.deadCount > 0 { line += "; dead \(grouped(cell.deadCount)) of \(grouped(cell.size))" }
        return line
      }
  }

  /// The name of a cell, with its reading where there are several.
  public func label(_ cell: CellHealth) -> String {
    let readings = Set(cells.map(\.reading))
    return (readings.count > 1 ? "reading \(cell.reading + 1), " : "") + "layer \(cell.layer + 1)"
      + (cell.isReverse ? " backwards" : "")
  }

  /// The numbers that curves are made of, by name.
  var scalars: [(name: String, value: Double)] {
    var all = layers.flatMap {
      [("gradient_norm/\($0.name)", $0.gradientNorm), ("weight_norm/\($0.name)", $0.norm)]
    }
    if let clippedShare { all.append(("clipped", clippedShare)) }
    for cell in cells {
      let name = label(cell)
      for lag in WatchReport.lags where cell.reach.byLag.indices.contains(lag) {
        all.append(("gradient_by_lag/\(name)/\(lag)", cell.reach.byLag[lag]))
      }
      if let memory = cell.reach.memory { all.append(("memory/\(name)", Double(memory))) }
      if let saturated = cell.saturated { all.append(("saturated/\(name)", saturated)) }
      all.append(("dead/\(name)", Double(cell.deadCount) / Double(max(cell.size, 1))))
      for gate in cell.gates { all.append(("gate_\(gate.name)/\(name)", gate.mean)) }
    }
    return all.map { ("watch/\($0.0.replacing(" ", with: "_"))", $0.1) }
  }

  /// The values of hidden units, by name.
  var histograms: [(name: String, values: [Float])] {
    cells.map { ("watch/hidden/\(label($0).replacing(" ", with: "_"))", $0.hidden) }
  }
}
