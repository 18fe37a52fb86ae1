import ArgumentParser
import Recurrent

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The options of `recurrent generate` for a model that draws.
struct DrawingOptions: ParsableArguments {
  @Flag(help: "Drawings: strokes of SVG appear one after the other.")
  var animate = false

  @Option(
    help: ArgumentHelp("Drawings: go on with this one (SVG, InkML, a line of JSON).", valueName: "file"))
  var complete: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Drawings: what lies between these two, of a model with a latent vector.", valueName: "a b"))
  var interpolate: [String] = []

  @Option(help: ArgumentHelp("Drawings: how many with both ends of --interpolate.", valueName: "n"))
  var steps = 10

  /// Whether none of them was given.
  var areNone: Bool {
    !animate && complete == nil && interpolate.isEmpty
  }

  func validate() throws {
    guard interpolate.isEmpty || interpolate.count == 2 else {
      throw ValidationError("--interpolate takes two drawings, received \(interpolate.count)")
    }
    guard steps >= 2 else { throw ValidationError("--steps is \(steps), expected 2 or more") }
    guard interpolate.isEmpty || complete == nil else {
      throw ValidationError("--interpolate and --complete do not go together")
    }
  }
}

extension DrawingOptions {
  /// Draws.
  func draw(
    _ trained: TrainedTask<SketchTask>, _ style: StyleOptions, to output: String?, count: Int,
    temperature: Double?, seed: UInt64
  ) throws {
    if let output { try check(output, count: interpolate.isEmpty ? count : steps) }
    let task = trained.task
    var request = SketchRequest(count: count, temperature: temperature ?? 0.4, seed: seed)
    let course = try style.course(task.labels) { try task.nearestStyle(trained.model, to: $0) }
    if let course {
      let parts = course.last == nil ? 1 : count
      request.conditions = (0..<parts).map {
        SketchStepper.Condition(labels: course.shares(at: Double($0) / Double(max(parts - 1, 1))))
      }
    }
    if let complete {
      request.begun = try task.begun(DataSource(complete))
      if let note = task.brushNote(of: request.begun, in: complete) { Terminal.error("note: \(note.text)") }
    }
    if interpolate.count == 2 {
      request.count = steps
      request.temperature = temperature ?? 0.1
      request.conditions = try task.conditions(
        trained.model, from: DataSource(interpolate[0]), to: DataSource(interpolate[1]), count: steps
      ).enumerated().map { index, own in
        let asked = course?.shares(at: Double(index) / Double(steps - 1))
        return SketchStepper.Condition(labels: asked ?? own.labels, latent: own.latent)
      }
    }
    let drawn = task.draw(trained.model, request) { Interrupt.isRequested }
    if Interrupt.isRequested { throw ExitCode.interrupted }
    try write(drawn, task, word: style.styleTo == nil ? style.style : nil, to: output)
    let cut = drawn.count { !$0.hasEnded }
    if cut > 0 {
      Terminal.error(
        "note: \(cut) of \(drawn.count) drawings did not end by themselves within \(task.lengthLimit) points")
    }
  }

  private func check(_ output: String, count: Int) throws {
    guard !output.hasSuffix("/") else { return }
    guard output.hasSuffix(".svg") || output.hasSuffix(".ndjson") || output.hasSuffix(".inkml") else {
      throw ValidationError(
        "--output is \"\(output)\", expected a name that ends in .svg, .ndjson, .inkml or /")
    }
    guard !output.hasSuffix(".inkml") || count == 1 else {
      throw ValidationError("a file of InkML is one drawing, and \(count) are asked for")
    }
    try OutputFile.check(output, flag: "--output", apartFrom: interpolate + (complete.map { [$0] } ?? []))
  }

  private func write(
    _ drawn: [GeneratedDrawing], _ task: SketchTask, word: String?, to output: String?
  ) throws {
    let word = task.labels.number(of: word).map { task.labels.names[$0] }
    let lines = drawn.map { $0.strokes.line(word: word) }
    guard let output else {
      for line in lines { Terminal.output(line) }
      return
    }
    func picture(_ drawing: GeneratedDrawing) -> String {
      PenDrawing(
        drawing.strokes.chartStrokes, brushes: task.penBrushes(of: drawing.strokes), side: task.paperSide,
        isAnimated: animate
      ).svg
    }
    if output.hasSuffix(".ndjson") {
      try AtomicFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: output)
    } else if output.hasSuffix(".inkml") {
      try AtomicFile.write(Array(drawn.map { $0.strokes.inkML(word: word) }.joined().utf8), to: output)
    } else if output.hasSuffix("/") {
      try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
      let width = "\(drawn.count)".count
      for (index, drawing) in drawn.enumerated() {
        let number = "\(index + 1)"
        let name = String(repeating: "0", count: width - number.count) + number
        try AtomicFile.write(Array(picture(drawing).utf8), to: output + name + ".svg")
      }
    } else if drawn.count == 1 {
      try AtomicFile.write(Array(picture(drawn[0]).utf8), to: output)
    } else {
      let sheet = DrawingSheet(
        cells: drawn.map { task.sheetCell($0.strokes, begunPoints: $0.begunPoints) },
        columns: interpolate.isEmpty ? nil : drawn.count, isAnimated: animate)
      try AtomicFile.write(Array(sheet.svg.utf8), to: output)
    }
    Terminal.output("\(counted(drawn.count, "drawing")) in \(output)")
  }
}
