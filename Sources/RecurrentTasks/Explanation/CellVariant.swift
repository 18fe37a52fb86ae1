import RecurrentReports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A cell with a way to draw its parameters.
struct CellVariant {
  /// The cell.
  var cell: CellCatalog
  /// What it does beyond its plain equations.
  var options = CellOptions()
  /// How its parameters are drawn.
  var initialization = RecurrentInitialization.uniform
  /// The same in words.
  var words: String

  /// What it is called.
  var name: String { "\(cell.rawValue), \(words)" }

  /// A cell of the variant.
  func make(inputSize: Int, hiddenSize: Int, key: RandomKey) -> AnyCell {
    cell.make(
      inputSize: inputSize, hiddenSize: hiddenSize, options: options, initialization: initialization, key: key
    )
  }

  /// The ways to draw the parameters of a cell that matter to how far gradients reach over so many steps, the usual one last.
  ///
  /// Drawn as PyTorch draws them, the gates stand half open, and a state halves at each step. Of those that keep the state the
  /// bias is such that of a state 1 / e is left behind all steps: sigmoid(b) = 1 - 1 / T (Tallec and Ollivier 2018,
  /// arXiv:1804.11188). The weights of an Elman network are drawn as PyTorch does, or orthogonal (Le et al. 2015,
  /// arXiv:1504.00941, begin with the identity).
  static func all(of cell: CellCatalog, stepCount: Int) -> [CellVariant] {
    switch cell {
    case .elman, .elmanReLU:
      return [
        CellVariant(cell: cell, initialization: .orthogonal, words: "orthogonal weights"),
        CellVariant(cell: cell, words: "uniform weights"),
      ]
    case .lstm, .gru, .gruResetBefore:
      let bias = Float(log(Double(max(stepCount, 3) - 1)))
      let gate = cell == .lstm ? "forget" : "update"
      return [
        CellVariant(cell: cell, words: "uniform biases"),
        CellVariant(
          cell: cell, options: CellOptions(forgetBias: bias),
          words: "\(gate) bias \(rounded(Double(bias), 1))"),
      ]
    default: return [CellVariant(cell: cell, words: "initialisation of its own")]
    }
  }
}
