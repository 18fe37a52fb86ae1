/// What a part of a drawing is coloured with: an attribute that every reader of SVG knows, and a class by
/// which the style sheet gives it another colour on dark pages.
enum ChartInk: Equatable {
  /// The ground.
  case page
  /// Letters that matter.
  case text
  /// Letters that matter less.
  case dim
  /// Lines across the plot.
  case grid
  /// The axes.
  case axis
  /// The cells of a table of shades, the same on all pages.
  case cell
  /// The dark places of pictures, the same on all pages.
  case film
  /// Letters on dark cells.
  case onCell
  /// The curve of a number.
  case series(Int)

  /// How many curves have a colour of their own.
  static let seriesCount = 6

  /// The colour on light pages and on dark ones.
  private var colours: (light: String, dark: String) {
    switch self {
    case .page: ("#ffffff", "#16181c")
    case .text: ("#1a1a1a", "#e8e8e8")
    case .dim: ("#555555", "#a8adb4")
    case .grid: ("#e4e4e4", "#33373d")
    case .axis: ("#888888", "#777d85")
    case .cell: ("#0072b2", "#0072b2")
    case .film: ("#101010", "#101010")
    case .onCell: ("#ffffff", "#ffffff")
    // colours that people with colour blindness tell apart (Okabe and Ito 2008); lighter ones of the same hue
    // on dark
    case .series(let index):
      [
        ("#0072b2", "#4aa8e0"), ("#d55e00", "#f08a3c"), ("#009e73", "#2fc79b"), ("#a3467f", "#e29cc4"),
        ("#b07800", "#f0b429"), ("#3f7fa8", "#9ad4f5"),
      ][index % ChartInk.seriesCount]
    }
  }

  private var name: String {
    switch self {
    case .page: "page"
    case .text: "text"
    case .dim: "dim"
    case .grid: "grid"
    case .axis: "axis"
    case .cell: "cell"
    case .film: "film"
    case .onCell: "on-cell"
    case .series(let index): "c\(index % ChartInk.seriesCount)"
    }
  }

  /// Attributes that fill.
  var fill: String { "fill=\"\(colours.light)\" class=\"f-\(name)\"" }
  /// Attributes that draw a line and fill nothing.
  var stroke: String { "fill=\"none\" stroke=\"\(colours.light)\" class=\"s-\(name)\"" }
  /// Attributes that fill as the ground is and draw a line around it.
  var hollow: String {
    "fill=\"\(ChartInk.page.colours.light)\" stroke=\"\(colours.light)\" class=\"f-page s-\(name)\""
  }

  /// How the line of a curve is broken, so that curves differ without colour too; nil for a whole line.
  static func dash(ofSeries index: Int) -> String? {
    [nil, "7 3", "2 3", "10 3 2 3", "5 2 2 2 2 2"][index % 5]
  }

  /// The colours of dark pages.
  static let styleSheet: String = {
    let inks: [ChartInk] = [.page, .text, .dim, .grid, .axis] + (0..<seriesCount).map { .series($0) }
    let rules = inks.map { ink in
      ".chart .f-\(ink.name){fill:\(ink.colours.dark)}.chart .s-\(ink.name){stroke:\(ink.colours.dark)}"
    }
    return "@media (prefers-color-scheme:dark){\(rules.joined())}"
  }()
}
