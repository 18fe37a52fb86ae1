/// The elements of a drawing in SVG.
struct Drawing {
  /// Where a text stands at its point.
  enum Anchor: String {
    case start, middle, end
  }

  /// Its width in its own units.
  let width: Double
  private let height: Double
  private var lines: [String] = []

  /// An empty page with a title above, which is also what is read out; an empty one is left out.
  init(width: Double, height: Double, title: String, titleX: Double, hasMotion: Bool = false) {
    (self.width, self.height) = (width, height)
    if !title.isEmpty { lines.append("<title>\(escapedMarkup(title))</title>") }
    lines.append("<style>\(ChartInk.styleSheet)\(hasMotion ? StrokeClock.styleSheet : "")</style>")
    lines.append("<rect width=\"\(n(width))\" height=\"\(n(height))\" \(ChartInk.page.fill)/>")
    if title.isEmpty { return }
    let shown = shortened(title, to: width - titleX - 8, size: 15)
    lines.append(
      "<text x=\"\(n(titleX))\" y=\"24\" font-size=\"15\" font-weight=\"600\" \(ChartInk.text.fill)>"
        + "\(escapedMarkup(shown))</text>")
  }

  /// The drawing as a document.
  var svg: String {
    let head =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(n(width)) \(n(height))\" class=\"chart\" "
      + "font-family=\"system-ui, sans-serif\" font-size=\"12\" role=\"img\">"
    return ([head] + lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  /// Letters; turned by degrees around their point.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, ink: ChartInk = .text,
    size: Double = 12, turn: Double = 0
  ) {
    let place =
      turn == 0
      ? "x=\"\(n(x))\" y=\"\(n(y))\"" : "transform=\"translate(\(n(x)) \(n(y))) rotate(\(n(turn)))\""
    let side = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    let letters = size == 12 ? "" : " font-size=\"\(n(size))\""
    lines.append("<text \(place)\(side)\(letters) \(ink.fill)>\(escapedMarkup(text))</text>")
  }

  /// A line; with motion it appears at its time, see ``StrokeClock``.
  mutating func line(
    _ path: String, _ ink: ChartInk, width: Double = 1, dash: String? = nil, motion: String = ""
  ) {
    let dashes = dash.map { " stroke-dasharray=\"\($0)\"" } ?? ""
    // an element has one class
    let colour =
      motion.isEmpty ? ink.stroke : ink.stroke.replacing("class=\"", with: "class=\"stroke ")
    lines.append(
      "<path d=\"\(path)\" \(colour) stroke-width=\"\(n(width))\" stroke-linejoin=\"round\"\(dashes)\(motion)/>"
    )
  }

  /// A line with round ends of a colour of its own, the same on all pages; nil for that of letters. With motion it appears at its time.
  mutating func brushLine(_ path: String, _ colour: String?, width: Double, motion: String) {
    let own = colour.map { "fill=\"none\" stroke=\"\(escapedMarkup($0))\"" } ?? ChartInk.text.stroke
    let classes =
      motion.isEmpty
      ? own
      : colour == nil ? own.replacing("class=\"", with: "class=\"stroke ") : own + " class=\"stroke\""
    lines.append(
      "<path d=\"\(path)\" \(classes) stroke-width=\"\(rounded(width, 2))\" stroke-linecap=\"round\" stroke-linejoin=\"round\"\(motion)/>"
    )
  }

  /// Short lines across each other as a shade.
  mutating func shade(_ path: String, _ ink: ChartInk, width: Double, opacity: Double) {
    lines.append(
      "<path d=\"\(path)\" \(ink.stroke) stroke-width=\"\(rounded(width, 2))\" "
        + "stroke-opacity=\"\(rounded(opacity, 2))\"/>")
  }

  /// A filled shape.
  mutating func area(_ path: String, _ ink: ChartInk, opacity: Double = 1) {
    lines.append("<path d=\"\(path)\" \(ink.fill)\(Drawing.opacity(opacity))/>")
  }

  /// A filled rectangle.
  mutating func box(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ ink: ChartInk, opacity: Double = 1
  ) {
    lines.append(
      "<rect x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\" \(ink.fill)"
        + "\(Drawing.opacity(opacity))/>")
  }

  /// The outline of a rectangle.
  mutating func frame(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ ink: ChartInk) {
    lines.append(
      "<rect x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\" \(ink.stroke)/>")
  }

  /// A point of a curve.
  mutating func dot(_ x: Double, _ y: Double, _ ink: ChartInk, radius: Double = 3, isHollow: Bool = false) {
    lines.append(
      "<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(radius))\" \(isHollow ? ink.hollow : ink.fill)/>")
  }

  /// Elements that belong together.
  mutating func group(_ draw: (inout Drawing) -> Void) {
    let count = lines.count
    draw(&self)
    let own = lines[count...].joined()
    lines.removeSubrange(count...)
    lines.append("<g>\(own)</g>")
  }

  private static func opacity(_ share: Double) -> String {
    share == 1 ? "" : " fill-opacity=\"\(rounded(share, 2))\""
  }

  private func n(_ value: Double) -> String { Drawing.number(value) }

  /// A length or coordinate as it is written.
  static func number(_ value: Double) -> String {
    let text = rounded(value, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A line through points.
  static func path(_ points: [(x: Double, y: Double)]) -> String {
    points.isEmpty ? "" : "M" + points.map { "\(number($0.x)) \(number($0.y))" }.joined(separator: "L")
  }
}
