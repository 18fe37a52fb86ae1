/// A model that reads sequences by a ``SequenceNetwork``.
public protocol SequenceModel: RecurrentModel {
  /// What reads the sequence.
  var network: SequenceNetwork { get set }
}

extension SequenceModel {
  /// The same model with its weights in the form that kernels read.
  public func packed() -> Self {
    var copy = self
    copy.network = network.packed()
    return copy
  }

  /// The same model with the operands of the products in its recurrent layers rounded to `precision`.
  public func with(precision: Precision) -> Self {
    var copy = self
    copy.network = network.with(precision: precision)
    return copy
  }

  /// The cell of the recurrent layers.
  public var cellChoice: CellChoice { network.configuration.cellChoice }
}
