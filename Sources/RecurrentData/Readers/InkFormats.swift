/// The formats of the traces of a file of InkML while it is read, with which of them each trace has: that of its context, of the groups
/// around it, else the last one that the file names.
struct InkFormats {
  private var channels = InkChannel.standard
  private var formats: [String: [InkChannel]] = [:]
  private var sources: [String: [InkChannel]] = [:]
  private var contexts: [String: [InkChannel]] = [:]
  /// Those of groups, the innermost last; nil where nobody says.
  private var groups: [[InkChannel]?] = []
  /// What is being defined.
  private var format: (name: String?, channels: [InkChannel])?
  private var source: String?
  private var context: (name: String?, channels: [InkChannel]?)?

  private static func named(_ text: String?, _ table: [String: [InkChannel]]) -> [InkChannel]? {
    text.flatMap { table[$0.hasPrefix("#") ? String($0.dropFirst()) : $0] }
  }

  /// The channels of a trace with these attributes.
  func channels(of attributes: [String: String]) -> [InkChannel] {
    InkFormats.named(attributes["contextRef"], contexts) ?? (groups.last ?? nil) ?? channels
  }

  /// The beginning of an element.
  mutating func begin(_ name: String, _ attributes: [String: String]) {
    let own = attributes["xml:id"] ?? attributes["id"]
    switch name {
    case "traceFormat": format = (own, [])
    case "channel": format?.channels.append(InkChannel(attributes))
    case "inkSource": source = own
    case "context":
      let referred =
        InkFormats.named(attributes["traceFormatRef"], formats)
        ?? InkFormats.named(attributes["inkSourceRef"], sources)
        ?? InkFormats.named(attributes["contextRef"], contexts)
      context = (own, referred)
    case "traceGroup":
      groups.append(InkFormats.named(attributes["contextRef"], contexts) ?? groups.last ?? nil)
    default: break
    }
  }

  /// The end of an element within others.
  mutating func end(_ name: String, in parents: [String]) {
    switch name {
    case "traceFormat":
      guard let own = format else { return }
      channels = own.channels
      if let name = own.name { formats[name] = own.channels }
      if let source { sources[source] = own.channels }
      if context != nil { context?.channels = own.channels }
      format = nil
    case "inkSource": source = nil
    case "context":
      guard let own = context else { return }
      if let name = own.name, let channels = own.channels { contexts[name] = channels }
      if parents == ["ink"], let own = own.channels { channels = own }
      context = nil
    case "traceGroup": groups.removeLast()
    default: break
    }
  }
}
