/// An operator in a range of versions.
struct GraphOperator: Sendable {
  /// Its name, as in ONNX.
  let name: String
  /// Whose it is; "" for ONNX's own.
  let domain: String
  /// The operator sets in which it means what is computed here.
  let versions: ClosedRange<Int>
  /// The attributes that are known; others are refused.
  let attributes: Set<String>
  /// What is not supported, for the table.
  let limits: String
  /// The outputs for the inputs.
  let compute: @Sendable (NodeContext) throws -> [GraphValue?]

  init(
    _ name: String, domain: String = "", versions: ClosedRange<Int> = OperatorCatalog.versions,
    attributes: Set<String> = [], limits: String = "",
    compute: @escaping @Sendable (NodeContext) throws -> [GraphValue?]
  ) {
    self.name = name
    self.domain = domain
    self.versions = versions
    self.attributes = attributes
    self.limits = limits
    self.compute = compute
  }
}

/// The operators that graphs are run with. A new one is a line in the list of its family.
public enum OperatorCatalog {
  /// The versions of ONNX's own operators that are known.
  public static let versions = 7...28

  static let all: [GraphOperator] =
    [
      arithmetic, activations, comparisons, shapes, indexing, scattering, reductions, matrices, contractions,
      normalizations, convolutions, transposedConvolutions, resampling, spectra, spectralWindows, recurrent,
      controlFlow, quantization, conversions,
    ].flatMap { $0 }

  private static let table: [String: [GraphOperator]] = Dictionary(
    grouping: all, by: { $0.domain + "." + $0.name })

  static func find(_ name: String, domain: String, opset: Int) -> GraphOperator? {
    table[domain + "." + name]?.first { $0.versions.contains(opset) }
  }

  /// The operators as a table in Markdown: name, versions, what is not supported.
  public static var markdown: String {
    var rows: [String: (versions: [ClosedRange<Int>], limits: [String])] = [:]
    for item in all {
      let name = (item.domain.isEmpty ? "" : item.domain + ".") + item.name
      rows[name, default: ([], [])].versions.append(item.versions)
      if !item.limits.isEmpty { rows[name, default: ([], [])].limits.append(item.limits) }
    }
    let lines = rows.sorted { $0.key < $1.key }.map { name, row in
      let low = row.versions.map(\.lowerBound).min() ?? 0, high = row.versions.map(\.upperBound).max() ?? 0
      let limits = row.limits.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      return
        "| \(name) | \(low == high ? "\(low)" : "\(low) to \(high)") | \(limits.joined(separator: "; ")) |"
    }
    return (["| operator | versions | not supported |", "|---|---|---|"] + lines).joined(separator: "\n")
  }
}
