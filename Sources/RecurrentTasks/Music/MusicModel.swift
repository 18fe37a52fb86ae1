/// A network that reads music step by step and predicts what sounds next: a ``LanguageModel`` of tokens, or a ``PianoRollNetwork``.
///
/// Where pieces are told apart by styles, a vector of each is learnt, and what the layers read of a piece is moved by that of its style:
///
///     x_t = e_t + s,   e = the vector of a token, or the keys of a step
///
/// A mixture of styles moves it by the mixture of their vectors.
public struct MusicModel: RecurrentModel {
  /// For ``MusicRepresentation/events``.
  public var events: LanguageModel?
  /// For ``MusicRepresentation/roll``.
  public var roll: PianoRollNetwork?
  /// The vectors of styles, `[S, W]`: W is the width of what the layers read; nil where pieces are not told apart.
  public var styles: Embedding?

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("events", &events)
    visitor.visit("roll", &roll)
    visitor.visit("styles", &styles)
  }

  /// The cell of its layers.
  public var cellChoice: CellChoice {
    guard let own = events?.cellChoice ?? roll?.cellChoice else {
      fatalError("MusicModel: the network has no part")
    }
    return own
  }

  /// The model with its weights packed for the kernels.
  public func packed() -> MusicModel {
    MusicModel(events: events?.packed(), roll: roll?.packed(), styles: styles)
  }

  /// The model with the operands of the products in its recurrent layers rounded to `precision`.
  public func with(precision: Precision) -> MusicModel {
    MusicModel(
      events: events?.with(precision: precision), roll: roll?.with(precision: precision), styles: styles)
  }

  /// The vectors of pieces by their styles, `[B, W]`, zeros where none is told; nil where the model has no styles.
  func vectors(of labels: [Int?]) -> Tensor? {
    guard let table = stylesWithNone else { return nil }
    let none = Int32(table.shape[0] - 1)
    return gather(table, rows: Indices(labels.map { $0.map { Int32($0) } ?? none }))
  }

  /// The vectors of all styles and at last of none, `[S + 1, W]`.
  private var stylesWithNone: Tensor? {
    guard let weight = styles?.weight else { return nil }
    return concatenate([weight, weight.backend.filled(0, shape: [1, weight.shape[1]])], axis: 0)
  }

  /// The language model in which a token of a piece has the number of the token and V times that of its style, the last one for none:
  /// so a piece is read as one of a model without styles.
  var eventsOfStyles: LanguageModel? {
    guard var events, let styles = stylesWithNone else { return events }
    let (tokens, width) = (events.embedding.weight.shape[0], styles.shape[1])
    let all =
      events.embedding.weight.reshaped(to: [1, tokens, width])
      + styles.reshaped(to: [styles.shape[0], 1, width])
    events.embedding.weight = all.reshaped(to: [styles.shape[0] * tokens, width])
    return events
  }

  /// What a mixture of styles moves inputs by, `[W]`; nil where the model has none.
  func shift(_ shares: [Float]) -> [Float]? {
    guard let weight = styles?.weight else { return nil }
    let (numbers, width) = (weight.scalars, weight.shape[1])
    trapUnless(
      shares.count * width == numbers.count,
      "MusicModel.shift: expected \(weight.shape[0]) shares, received \(shares.count)")
    return (0..<width).map { place in
      shares.indices.reduce(0) { sum, style in
        shares[style] == 0 ? sum : sum + shares[style] * numbers[style * width + place]
      }
    }
  }

  /// The language model that reads every piece as of a mixture of styles.
  func events(of shares: [Float]) -> LanguageModel? {
    guard var events, let shift = shift(shares) else { return events }
    events.embedding = events.embedding.moved(by: shift)
    return events
  }
}

extension Embedding {
  /// All vectors moved by one, `[E]`.
  func moved(by shift: [Float]) -> Embedding {
    var copy = self
    copy.weight = weight + Tensor(shift, shape: [1, shift.count], like: weight)
    return copy
  }
}
