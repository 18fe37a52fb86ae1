import Foundation
import Recurrent

/// The ratios of all rows as bars on a logarithmic axis, as SVG; to the right of 1 ours is faster.
struct BarChart {
  let results: Results

  /// Colours that people with colour blindness tell apart (Okabe and Ito 2008), one for each opponent.
  private static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]

  /// The drawing.
  var svg: String {
    let bars = results.rows.compactMap { row in
      row.best.flatMap { best in row.ratio.map { (row, best.name, $0) } }
    }
    // about six units for a letter of 11
    let left = 20 + 6 * Double(bars.map { $0.0.problem.count + $0.0.mode.rawValue.count + 2 }.max() ?? 0)
    let (width, line, top) = (max(left + 520, 640), 18.0, 64.0)
    let height = top + line * Double(bars.count) + 40
    let low = min(0.5, pow(2, log2(bars.map(\.2).min() ?? 1).rounded(.down)))
    let high = max(2, pow(2, log2(bars.map(\.2).max() ?? 1).rounded(.up)))
    let scale = (width - left - 60) / log(high / low)
    func x(_ ratio: Double) -> String { rounded(left + log(ratio / low) * scale, 1) }
    let names = bars.reduce(into: [String]()) { if !$0.contains($1.1) { $0.append($1.1) } }.sorted()
    func colour(_ name: String) -> String {
      BarChart.colours[(names.firstIndex(of: name) ?? 0) % BarChart.colours.count]
    }
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" "
        + "font-family=\"system-ui, sans-serif\" font-size=\"11\" role=\"img\">",
      "<title>Time of the fastest opponent divided by ours</title>",
      "<rect width=\"\(Int(width))\" height=\"\(Int(height))\" fill=\"#ffffff\"/>",
      "<text x=\"10\" y=\"22\" font-size=\"15\" font-weight=\"600\">Time of the fastest opponent divided by ours</text>",
    ]
    for (index, name) in names.enumerated() {
      let place = 10 + 120 * index
      lines.append(
        "<rect x=\"\(place)\" y=\"34\" width=\"12\" height=\"12\" fill=\"\(colour(name))\"/>"
          + "<text x=\"\(place + 17)\" y=\"44\">\(escaped(name))</text>")
    }
    let bottom = rounded(top + line * Double(bars.count), 1)
    for tick in sequence(first: low, next: { $0 * 2 <= high ? $0 * 2 : nil }) {
      let stroke = tick == 1 ? "#000000" : "#e0e0e0"
      lines.append(
        "<path d=\"M\(x(tick)) \(top)V\(bottom)\" stroke=\"\(stroke)\"/>"
          + "<text x=\"\(x(tick))\" y=\"\(rounded(height - 22, 1))\" text-anchor=\"middle\" fill=\"#444\">\(plain(tick))</text>"
      )
    }
    for (index, (row, name, ratio)) in bars.enumerated() {
      let y = top + line * Double(index)
      let (from, to) = ratio >= 1 ? (1, ratio) : (ratio, 1)
      let length = rounded(log(to / from) * scale, 1)
      lines.append(
        "<text x=\"\(rounded(left - 8, 1))\" y=\"\(rounded(y + 13, 1))\" text-anchor=\"end\">"
          + "\(escaped(row.problem)), \(row.mode.rawValue)</text>"
          + "<rect x=\"\(x(from))\" y=\"\(rounded(y + 3, 1))\" width=\"\(length)\" height=\"12\" fill=\"\(colour(name))\"/>"
          + "<text x=\"\(rounded(left + log(to / low) * scale + 5, 1))\" y=\"\(rounded(y + 13, 1))\">\(rounded(ratio, 2))</text>"
      )
    }
    return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;")
  }
}
