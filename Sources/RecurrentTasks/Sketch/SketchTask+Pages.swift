import RecurrentReports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension StrokeSequence {
  /// The strokes as charts have them.
  public var chartStrokes: [[DrawingSheet.Point]] {
    downward.strokes.map { $0.map { (x: Double($0.x), y: Double($0.y)) } }
  }
}

extension SketchTask {
  /// What a page shows of the drawings of a model.
  func pages(
    _ model: SketchModel, _ examples: [Example], _ samples: [GeneratedDrawing]
  ) -> [HTMLReport.Section] {
    var sections = [grids(model)]
    if let encoder = reconstructions(model, examples) { sections.append(encoder) }
    if let density = densities(model, examples) { sections.append(density) }
    sections.append(order(samples))
    if !samples.isEmpty { sections.append(sizes(examples, samples)) }
    return sections
  }

  private func grids(_ model: SketchModel) -> HTMLReport.Section {
    let figures = [0.2, 0.4, 0.7, 1].map { temperature in
      let drawn = draw(model, SketchRequest(count: 16, temperature: temperature, seed: 2))
      return HTMLReport.Figure(
        DrawingSheet(cells: drawn.map { sheetCell($0.strokes) }, columns: 8),
        caption: "Temperature \(rounded(temperature, 1)).")
    }
    return HTMLReport.Section(
      "Samples",
      [.paragraph("Drawings by temperature: likelier ones above, wilder ones below."), .figures(figures)])
  }

  private func reconstructions(_ model: SketchModel, _ examples: [Example]) -> HTMLReport.Section? {
    let shown = Array(examples.prefix(8))
    guard let latents = latents(model, of: shown) else { return nil }
    let (numbers, size) = (latents.mean.scalars, network.latentSize)
    let conditions = shown.indices.map { row in
      var own = condition(label: shown[row].label)
      own.latent = Array(numbers[row * size..<(row + 1) * size])
      return own
    }
    let drawn = draw(
      model, SketchRequest(count: shown.count, temperature: 0.1, conditions: conditions, seed: 3))
    let cells =
      shown.map { sheetCell(StrokeSequence($0.steps)) } + drawn.map { sheetCell($0.strokes) }
    return HTMLReport.Section(
      "Reconstructions",
      [
        .paragraph("Drawings of the data above, and what the model draws of their latent vectors below."),
        .figures([
          HTMLReport.Figure(DrawingSheet(cells: cells, columns: shown.count), caption: "At temperature 0.1.")
        ]),
      ])
  }

  private func densities(_ model: SketchModel, _ examples: [Example]) -> HTMLReport.Section? {
    guard let example = examples.first(where: { $0.steps.count >= 5 }) else { return nil }
    let batch = batch([example])
    let numbers = model(batch.inputs, lengths: batch.lengths, latent: latents(model, of: [example])?.mean)
      .scalars
    let (width, count) = (outputSize, example.steps.count)
    let whole = StrokeSequence(example.steps)
    let (low, high) = whole.bounds
    let cells = (1...4).map { part -> DrawingSheet.Cell in
      let place = max(1, count * part / 5)
      let parameters = mixture.parameters(numbers[place * width..<place * width + 6 * network.mixtureCount])
      let last = StrokeSequence(example.steps.prefix(place)).strokes.last?.last ?? StrokeSequence.Point(0, 0)
      return sheetCell(
        whole, begunPoints: place, shades: shades(parameters, from: last, low, high),
        caption: "point \(place)")
    }
    return HTMLReport.Section(
      "The next point",
      [
        .paragraph(
          "One drawing at four moments: what is drawn by then stands out, and the shade says how likely the next point is where."
        ),
        .figures([
          HTMLReport.Figure(
            DrawingSheet(cells: cells, columns: 4), caption: "Shades by the root of the density.")
        ]),
      ])
  }

  /// The density of the next point over the paper of a drawing.
  private func shades(
    _ parameters: [Double], from last: StrokeSequence.Point, _ low: StrokeSequence.Point,
    _ high: StrokeSequence.Point
  ) -> [DrawingSheet.Shade] {
    let parts = 24
    let side = Double(max(high.x - low.x, high.y - low.y, 1e-3)) / Double(parts)
    let columns = Int((Double(high.x - low.x) / side).rounded(.up))
    let rows = Int((Double(high.y - low.y) / side).rounded(.up))
    var found: [(x: Double, y: Double, density: Double)] = []
    for row in 0..<max(rows, 1) {
      for column in 0..<max(columns, 1) {
        let (x, y) = (Double(low.x) + Double(column) * side, Double(low.y) + Double(row) * side)
        let loss = mixture.loss(
          parameters, x: (x + side / 2 - Double(last.x)) / Double(scale),
          y: (y + side / 2 - Double(last.y)) / Double(scale))
        found.append((x, y, exp(-loss / 2)))
      }
    }
    let most = found.map(\.density).max() ?? 0
    return found.filter { $0.density > 0.05 * most }.map {
      DrawingSheet.Shade(x: $0.x, y: $0.y, width: side, height: side, opacity: 0.7 * $0.density / most)
    }
  }

  private func order(_ samples: [GeneratedDrawing]) -> HTMLReport.Section {
    let cells = samples.prefix(8).map { DrawingSheet.Cell($0.strokes.chartStrokes, isOrdered: true) }
    return HTMLReport.Section(
      "The order of strokes",
      [
        .figures([
          HTMLReport.Figure(
            DrawingSheet(cells: Array(cells), columns: 8),
            caption: "Blue, orange, green, purple, brown, light blue, and again.")
        ])
      ])
  }

  private func sizes(_ examples: [Example], _ samples: [GeneratedDrawing]) -> HTMLReport.Section {
    let data = examples.map { StrokeSequence($0.steps) }
    let drawn = samples.map(\.strokes)
    func curve(_ name: String, _ own: [StrokeSequence], _ size: (StrokeSequence) -> Int) -> LineChart.Curve {
      var counts: [Int: Int] = [:]
      for drawing in own { counts[size(drawing), default: 0] += 1 }
      let most = counts.keys.max() ?? 0
      return LineChart.Curve(
        name: name,
        points: (0...most).map { (Double($0), Double(counts[$0] ?? 0) / Double(max(own.count, 1))) })
    }
    func figure(_ what: String, _ size: (StrokeSequence) -> Int) -> HTMLReport.Figure {
      HTMLReport.Figure(
        LineChart(
          title: what, xLabel: what, yLabel: "share of the drawings",
          curves: [curve("data", data, size), curve("model", drawn, size)]),
        caption: "\(what) of a drawing, in the data and at temperature \(SketchTask.sampleTemperature).")
    }
    return HTMLReport.Section(
      "Strokes and points",
      [.figures([figure("Strokes") { $0.strokes.count }, figure("Points") { $0.pointCount }])])
  }

  /// The first of the drawings, coloured by the order of its strokes; nil without one.
  public func plot(_ predictions: [Prediction], of examples: [Example]) -> String? {
    guard let example = examples.first, !example.steps.isEmpty else { return nil }
    return DrawingSheet(cells: [.init(StrokeSequence(example.steps).chartStrokes, isOrdered: true)]).svg
  }
}
