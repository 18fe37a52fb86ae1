import Foundation

#if canImport(FoundationXML)
import FoundationXML
#endif

/// What XML says when it is read: its elements with their attributes, and its texts.
public final class MarkupCheck: NSObject, XMLParserDelegate {
  /// Its elements, in order.
  public private(set) var elements: [(name: String, attributes: [String: String])] = []
  /// Its texts, joined.
  public private(set) var text = ""
  fileprivate var problems: [String] = []
  private var viewBox: [Double] = []

  /// Takes in an element.
  public func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    elements.append((name, attributes))
    if name == "svg" {
      viewBox = attributes["viewBox"]?.split(separator: " ").compactMap { Double($0) } ?? []
      if viewBox.count != 4 { problems.append("viewBox \(attributes)") }
    }
    for key in ["x", "y", "cx", "cy", "width", "height", "r", "font-size", "stroke-width", "fill-opacity"] {
      guard name != "meta", let value = attributes[key] else { continue }
      guard let number = Double(value), number.isFinite else {
        problems.append("\(name) \(key) \(value)")
        continue
      }
      // a hair is the error of rounding
      let limit = key.hasSuffix("y") || key == "height" ? viewBox[3] : viewBox[2]
      if number < -0.1 || number > limit + 0.1 { problems.append("\(name) \(key) \(value) is outside") }
    }
    for key in ["d", "transform"] {
      let letters = (attributes[key] ?? "").split { !$0.isLetter }
      if letters.contains(where: { $0 == "nan" || $0.contains("inf") }) { problems.append("\(attributes)") }
    }
    for key in attributes.keys where key.hasPrefix("on") { problems.append("\(name) \(key)") }
  }

  /// Takes in a text.
  public func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  /// How many elements have a name.
  public func count(_ name: String) -> Int { elements.count { $0.name == name } }
}

/// Reads XML and complains about what no chart and no page may have.
@discardableResult public func checkedMarkup(_ markup: String) throws -> MarkupCheck {
  let check = MarkupCheck()
  let parser = XMLParser(data: Data(markup.utf8))
  parser.delegate = check
  guard parser.parse() else {
    throw CheckFailure("\(parser.parserError.map { "\($0)" } ?? "no XML") in line \(parser.lineNumber)")
  }
  for forbidden in ["script", "link", "img", "iframe", "object", "use", "image"]
  where check.count(forbidden) > 0 {
    throw CheckFailure("there is an element \(forbidden)")
  }
  if let problem = check.problems.first { throw CheckFailure("\(check.problems.count) problems: \(problem)") }
  // nothing is fetched: the only address is the name of the language
  let rest = markup.replacing("http://www.w3.org/2000/svg", with: "")
  if rest.contains("http://") || rest.contains("https://") || rest.contains("url(") {
    throw CheckFailure("there is an address")
  }
  return check
}
