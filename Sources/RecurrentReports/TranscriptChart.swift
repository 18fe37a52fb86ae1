/// A recording with its transcripts: the waveform, the picture of its bands with the spikes of the network above, the words of
/// the reference above and those of the hypothesis below, each at its time.
public struct TranscriptChart: Chart {
  /// A word from a time to another, in seconds.
  public struct Word: Sendable, Equatable {
    /// The word.
    public var text: String
    /// When it begins and ends, in seconds.
    public var start, end: Double
    /// Whether it is missing on the other side, or another one there.
    public var isWrong: Bool

    /// A word.
    public init(_ text: String, start: Double, end: Double, isWrong: Bool = false) {
      (self.text, self.start, self.end, self.isWrong) = (text, start, end, isWrong)
    }
  }

  /// A moment at which the network is sure of a token.
  public struct Spike: Sendable, Equatable {
    /// The token.
    public var token: String
    /// When, in seconds.
    public var time: Double
    /// How sure, 0 to 1.
    public var probability: Double

    /// A spike.
    public init(_ token: String, time: Double, probability: Double) {
      (self.token, self.time, self.probability) = (token, time, probability)
    }
  }

  /// What stands above.
  public var title: String
  /// Samples in -1 ... 1; empty for none, such as of pictures.
  public var samples: [Float]
  /// Samples a second.
  public var sampleRate: Double
  /// Levels of the bands in decibels, `[frame][band]`, the lowest band first; empty for none.
  public var bands: [[Float]]
  /// Spikes by time.
  public var spikes: [Spike]
  /// The words that are right, shown above.
  public var reference: [Word]
  /// The words that were decoded, shown below.
  public var hypothesis: [Word]
  /// What is shown, in seconds; of words and spikes those that lie in it.
  public var range: ClosedRange<Double>

  /// A chart.
  ///
  /// - Parameters:
  ///   - range: what is shown, in seconds; samples and bands are those of it.
  public init(
    title: String, samples: [Float] = [], sampleRate: Double = 16_000, bands: [[Float]] = [],
    spikes: [Spike] = [], reference: [Word] = [], hypothesis: [Word] = [], range: ClosedRange<Double>
  ) {
    self.title = title
    self.samples = samples
    self.sampleRate = sampleRate
    self.bands = bands
    self.spikes = spikes
    self.reference = reference
    self.hypothesis = hypothesis
    self.range = range
  }

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { 720 }

  /// Decibels between the loudest place of the picture and a white one.
  private static let levelRange: Float = 60
  private static let laneHeight = 22.0
  private static let spikeHeight = 40.0
  /// More words or spikes of the range cannot be seen.
  private static let markLimit = 400

  /// The drawing.
  public var svg: String {
    let xTicks = AxisTicks(within: range)
    let (left, right) = (88.0, width - 20)
    var y = 44.0
    let referenceTop = y
    y += TranscriptChart.laneHeight + 4
    let spikeBottom = y + TranscriptChart.spikeHeight
    if !spikes.isEmpty { y = spikeBottom + 4 }
    let bandTop = y
    if !bands.isEmpty { y += 90 }
    let waveTop = y + 4
    if !samples.isEmpty { y += 74 }
    let hypothesisTop = y + 6
    y = hypothesisTop + TranscriptChart.laneHeight + 6
    let axis = PlotArea(
      left: left, right: right, top: y, bottom: y, xTicks: xTicks,
      yTicks: AxisTicks(low: 0, high: 1, marks: []))
    var drawing = Drawing(width: width, height: y + 56, title: title, titleX: 16)
    axis.draw(in: &drawing, xLabel: "time, seconds", yLabel: "")
    if !bands.isEmpty {
      SpectrumShades(bands, range: TranscriptChart.levelRange).draw(
        in: &drawing, left: left, right: right, top: bandTop, bottom: bandTop + 90)
      drawing.frame(left, bandTop, right - left, 90, .axis)
      drawing.text("bands", left - 8, bandTop + 49, .end, ink: .dim)
    }
    if !samples.isEmpty {
      draw(waveform: waveTop, axis, &drawing)
      drawing.text("sound", left - 8, waveTop + 39, .end, ink: .dim)
    }
    if !spikes.isEmpty {
      let shown = spikes.lazy.filter { (xTicks.low...xTicks.high).contains($0.time) }
      for spike in shown.prefix(TranscriptChart.markLimit) {
        draw(spike, bottom: spikeBottom, axis, &drawing)
      }
      drawing.text("spikes", left - 8, spikeBottom - 4, .end, ink: .dim)
    }
    for (words, top, name) in [
      (reference, referenceTop, "reference"), (hypothesis, hypothesisTop, "hypothesis"),
    ] {
      drawing.text(name, left - 8, top + 15, .end, ink: .dim)
      let shown = words.lazy.filter {
        AxisTicks.isDrawable($0.start) && AxisTicks.isDrawable($0.end) && $0.end >= xTicks.low
          && $0.start <= xTicks.high
      }
      for word in shown.prefix(TranscriptChart.markLimit) { draw(word, top, axis, &drawing) }
    }
    return drawing.svg
  }

  /// The lowest and highest sample of each pixel.
  private func draw(waveform top: Double, _ plot: PlotArea, _ drawing: inout Drawing) {
    let count = min(samples.count, Int(plot.right - plot.left))
    let peak = Double(samples.lazy.filter(\.isFinite).map(abs).max() ?? 0)
    let scale = peak > 0 ? 34 / peak : 0
    let n = Drawing.number
    var path = ""
    let end = plot.x(min(xEnd(of: samples.count), range.upperBound))
    for column in 0..<count {
      let part = samples[column * samples.count / count..<(column + 1) * samples.count / count].lazy.filter(
        \.isFinite)
      guard let low = part.min(), let high = part.max() else { continue }
      let x = plot.left + (Double(column) + 0.5) / Double(count) * (end - plot.left)
      let (first, last) = (top + 35 - Double(high) * scale, top + 35 - Double(low) * scale)
      path += "M\(n(x)) \(n(first))V\(n(max(last, first + 0.5)))"
    }
    if !path.isEmpty { drawing.line(path, .text, width: 1) }
  }

  private func xEnd(of count: Int) -> Double {
    sampleRate > 0 ? range.lowerBound + Double(count) / sampleRate : range.upperBound
  }

  private func draw(_ spike: Spike, bottom: Double, _ plot: PlotArea, _ drawing: inout Drawing) {
    let n = Drawing.number
    let x = plot.x(spike.time)
    let height = (spike.probability.isFinite ? min(max(spike.probability, 0), 1) : 0) * 24
    drawing.line("M\(n(x)) \(n(bottom))v\(n(-max(height, 1)))", .series(2), width: 1.6)
    let token = spike.token == " " ? "␣" : shortened(spike.token, to: 40, size: 10)
    drawing.text(token, x, bottom - height - 3, .middle, ink: .dim, size: 10)
  }

  private func draw(_ word: Word, _ top: Double, _ plot: PlotArea, _ drawing: inout Drawing) {
    let start = max(plot.left, plot.x(word.start))
    let end = min(plot.right, max(plot.x(word.end), start))
    let ink: ChartInk = word.isWrong ? .series(1) : .series(0)
    if word.isWrong { drawing.box(start, top, end - start, 20, ink, opacity: 0.3) }
    drawing.frame(start, top, end - start, 20, ink)
    let size = end - start < estimatedWidth(word.text) ? 10.0 : 12
    guard end - start >= size else { return }
    // a word that is wrong differs without colour too
    let text = shortened(word.isWrong ? "✗ " + word.text : word.text, to: end - start - 2, size: size)
    drawing.text(text, (start + end) / 2, top + 14, .middle, size: size)
  }
}
