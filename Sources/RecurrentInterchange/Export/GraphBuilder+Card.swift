import RecurrentFormats

extension GraphBuilder {
  /// What the graph takes and gives, and what its caller does outside of it, as Markdown.
  func card(task: String) -> String {
    func lines(_ values: [ONNXValueInfo]) -> [String] {
      values.map { info in
        let extents = (info.shape ?? []).map { extent in
          switch extent {
          case .fixed(let value): "\(value)"
          case .named(let name): name
          case .unknown: "?"
          }
        }
        let type = info.elementType?.rawValue.lowercased() ?? "?"
        let meaning = meanings[info.name].map { $0.isEmpty ? "" : ": " + $0 } ?? ""
        return "- `\(info.name)` (\(type) [\(extents.joined(separator: ", "))])" + meaning
      }
    }
    var all = ["# A model of \(task) as a graph", "", "## Inputs", ""] + lines(graph.inputs)
    all += ["", "## Outputs", ""] + lines(graph.outputs)
    if !duties.isEmpty { all += ["", "## What the caller does", ""] + duties.map { "- " + $0 } }
    return all.joined(separator: "\n") + "\n"
  }
}
