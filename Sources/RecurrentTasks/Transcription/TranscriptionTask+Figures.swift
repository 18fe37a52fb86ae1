import RecurrentReports

extension TranscriptionTask {
  /// Seconds of a recording that are drawn at most.
  private static let longestDrawing = 12.0

  /// What a recording is called on a page: the file without its folders.
  func title(_ name: String) -> String { String(name.split(separator: "/").last ?? "") }

  /// A recording with its transcripts, drawn; with the logits of its frames, `[T', V]`.
  func figure(
    _ prediction: Prediction, of example: Example, _ name: String, _ logits: [Float]
  ) -> HTMLReport.Figure {
    let caption = [example.transcript.map { "Said: \($0)." }, "Read: \(prediction.best.text)."].compactMap {
      $0
    }
    .joined(separator: " ")
    let title = title(name)
    if case .strokes(let strokes)? = try? example.record?.read() {
      return HTMLReport.Figure(chart(strokes, prediction, example, title), caption: caption)
    }
    return HTMLReport.Figure(chart(prediction, example, title, logits), caption: caption)
  }

  /// The best hypotheses of the first recording, drawn.
  public func plot(_ predictions: [Prediction], of examples: [Example]) -> String? {
    guard let prediction = predictions.first, let example = examples.first else { return nil }
    if case .strokes(let strokes)? = try? example.record?.read() {
      return chart(strokes, prediction, example, prediction.best.text).svg
    }
    return chart(prediction, example, prediction.best.text, nil).svg
  }

  private func chart(
    _ strokes: StrokeSequence, _ prediction: Prediction, _ example: Example, _ title: String
  ) -> StrokeChart {
    let marks = WordMarks(example.transcript, prediction.best.words.map(\.text))
    return StrokeChart(
      title: title, strokes: strokes.strokes.map { $0.map { (x: Double($0.x), y: Double($0.y)) } },
      isUpward: strokes.isUpward, reference: marks.reference, hypothesis: marks.hypothesis)
  }

  private func chart(
    _ prediction: Prediction, _ example: Example, _ title: String, _ logits: [Float]?
  ) -> TranscriptChart {
    let end = min(max(example.duration, 1 / max(rate, 1e-9)), timeUnit == nil ? Self.longestDrawing : 1e9)
    let marks = WordMarks(example.transcript, prediction.best.words.map(\.text))
    let hypothesis = zip(timed(prediction.best.words, duration: example.duration), marks.hypothesis).map {
      TranscriptChart.Word($0.text, start: $0.start, end: $0.end, isWrong: $1.isWrong)
    }
    var chart = TranscriptChart(title: title, hypothesis: hypothesis, range: 0...end)
    if let logits {
      chart.spikes = spikes(logits)
      chart.reference = reference(example, logits, marks)
    }
    guard case .sound(let own) = featurizer else { return chart }
    let frames = min(example.features.stepCount, Int(end * rate))
    let (width, bands) = (own.featureCount, own.spectrum.bandCount)
    if own.spectrum.coefficientCount == nil {
      let values = example.features.part(0..<frames).values
      chart.bands = (0..<frames).map { frame -> [Float] in
        (0..<bands).map { band -> Float in
          let value = Double(values[frame * width + band])
          return Float(own.scaler.centers[band] + own.scaler.scales[band] * value)
        }
      }
    }
    if case .sound(let sound)? = try? example.record?.read() {
      chart.sampleRate = sound.rate
      chart.samples = Array(sound.mono.prefix(Int(end * sound.rate)))
    }
    return chart
  }

  /// The moments at which the network is sure of a unit.
  private func spikes(_ logits: [Float]) -> [TranscriptChart.Spike] {
    let width = units.count
    var (spikes, last) = ([TranscriptChart.Spike](), units.blank)
    for frame in 0..<logits.count / width {
      let own = Array(logits[frame * width..<(frame + 1) * width])
      let output = own.argmax
      if output != units.blank, output != last, let token = units.text(ofOutput: output) {
        spikes.append(
          TranscriptChart.Spike(
            token == " " ? "␣" : token, time: Double(frame) / frameRate,
            probability: TemperatureScaling().probabilities(own)[output]))
      }
      last = output
    }
    return spikes
  }

  /// The words of the transcript at the times that are known, else at those of the likeliest alignment.
  private func reference(_ example: Example, _ logits: [Float], _ marks: WordMarks) -> [TranscriptChart.Word]
  {
    guard let transcript = example.transcript else { return [] }
    let texts = transcript.split(whereSeparator: \.isWhitespace).map(String.init)
    if let words = example.words, words.map(\.label) == texts {
      return zip(words, marks.reference).map {
        TranscriptChart.Word($0.label, start: $0.start, end: $0.end, isWrong: $1.isWrong)
      }
    }
    let width = units.count
    guard
      let alignment = CTCAlignment(
        Tensor(logits, shape: [logits.count / width, width]), target: example.targets,
        blank: Int32(units.blank))
    else { return [] }
    // a unit with a space begins a word, or stands between two
    var words: [[CTCAlignment.Span]] = []
    var isOpen = false
    for span in alignment.spans {
      let text = units.text(ofOutput: Int(span.token)) ?? ""
      if units.kind == .word || text.hasPrefix(" ") { isOpen = false }
      if text == " " { continue }
      if !isOpen { words.append([]) }
      isOpen = true
      words[words.count - 1].append(span)
    }
    guard words.count == texts.count else { return [] }
    let spikes = zip(texts, words).map { text, spans in
      SpikeTiming.Word(
        text, first: Double(spans[0].frames.lowerBound) / frameRate,
        last: Double(spans[spans.count - 1].frames.upperBound) / frameRate)
    }
    return zip(timing.times(of: spikes, duration: example.duration), marks.reference).map {
      TranscriptChart.Word($0.text, start: $0.start, end: $0.end, isWrong: $1.isWrong)
    }
  }
}
