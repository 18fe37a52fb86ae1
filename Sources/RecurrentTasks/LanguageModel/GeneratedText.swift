/// The text that tokens make, piece by piece, up to a stop text: what is given out is certain to belong to it.
public struct GeneratedText: Sendable {
  private var decoder: any TokenDecoder
  private let stop: [[Unicode.Scalar]]
  private let longestStop: Int
  /// Text that may be the beginning of a stop text.
  private var held: [Unicode.Scalar]

  /// Whether one of the stop texts came.
  public private(set) var hasStopped = false

  /// The text behind what a session has read.
  ///
  /// - Parameters:
  ///   - session: what was read so far; it decides whether the first word is set off by a space.
  ///   - stop: the text ends before the first of these.
  ///   - held: text that was held back before.
  public init(after session: LanguageModelSession, stop: [String], held: String = "") {
    self.held = Array(held.unicodeScalars)
    self.stop = stop.filter { !$0.isEmpty }.map { Array($0.unicodeScalars) }
    longestStop = self.stop.map(\.count).max() ?? 0
    decoder = session.vocabulary.makeDecoder()
    for id in session.recent { _ = decoder.push(id) }
  }

  /// Text that was made and not given out, because it may be the beginning of a stop text.
  public var heldText: String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: held)
    return String(text)
  }

  /// Takes a token; nothing may follow once the text has stopped.
  ///
  /// - Returns: the text that is certain by it; nil for none.
  public mutating func push(_ id: Int32) -> String? {
    held += decoder.push(id).unicodeScalars
    if let cut = firstStop() {
      hasStopped = true
      return take(cut)
    }
    return take(held.count - longestStopPrefix())
  }

  /// Ends the text.
  ///
  /// - Returns: what was held back; nil for none.
  public mutating func finish() -> String? {
    held += decoder.finish().unicodeScalars
    return take(held.count)
  }

  /// Takes the first scalars out of the held text; nil for none.
  private mutating func take(_ count: Int) -> String? {
    guard count > 0 else { return nil }
    // one at a time: `append(contentsOf:)` asks for memory
    var text = String.UnicodeScalarView()
    for index in 0..<count { text.append(held[index]) }
    held.removeFirst(count)
    return String(text)
  }

  /// Where the first stop text in the held text begins.
  private func firstStop() -> Int? {
    held.indices.first { start in stop.contains { held[start...].starts(with: $0) } }
  }

  /// The length of the longest end of the held text that a stop text begins with.
  private func longestStopPrefix() -> Int {
    (0..<Swift.min(longestStop, held.count + 1)).last { count in
      stop.contains { $0.starts(with: held.suffix(count)) }
    } ?? 0
  }
}
