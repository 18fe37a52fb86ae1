/// The sizes of a forecasting network of either kind.
public enum ForecastNetworkConfiguration: Sendable, Equatable, Codable {
  /// All steps of the horizon at once, segment by segment.
  case segments(SegmentForecasterConfiguration)
  /// Step by step, each from the one before.
  case autoregressive(AutoregressiveForecasterConfiguration)

  /// Steps that are looked back over.
  public var lookBack: Int {
    switch self {
    case .segments(let own): own.lookBack
    case .autoregressive(let own): own.lookBack
    }
  }

  /// Steps that are predicted.
  public var horizon: Int {
    switch self {
    case .segments(let own): own.horizon
    case .autoregressive(let own): own.horizon
    }
  }

  /// The number of parameters, without making them.
  public var parameterCount: Int {
    switch self {
    case .segments(let own): own.parameterCount
    case .autoregressive(let own): own.parameterCount
    }
  }

  /// What is impossible about the sizes; nil where nothing is.
  public var issue: String? {
    switch self {
    case .segments(let own): own.issue
    case .autoregressive(let own): own.issue
    }
  }

  /// Steps of a cell for one window.
  var cost: Int {
    switch self {
    case .segments(let own): (own.inputSegments + own.outputSegments) * own.targetCount
    case .autoregressive(let own): (own.context + own.horizon) * own.targetCount
    }
  }
}

/// A forecasting network of either kind.
public struct ForecastNetwork: RecurrentModel {
  /// Where all steps of the horizon come at once.
  public var segments: SegmentForecaster?
  /// Where they come one after the other.
  public var autoregressive: AutoregressiveForecaster?

  /// A network with fresh parameters.
  public init(_ configuration: ForecastNetworkConfiguration, key: RandomKey) {
    switch configuration {
    case .segments(let own): segments = SegmentForecaster(own, key: key)
    case .autoregressive(let own): autoregressive = AutoregressiveForecaster(own, key: key)
    }
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("segments", &segments)
    visitor.visit("autoregressive", &autoregressive)
  }

  /// The same network with its weights in the form that kernels read.
  public func packed() -> ForecastNetwork {
    var copy = self
    copy.segments = segments?.packed()
    copy.autoregressive = autoregressive?.packed()
    return copy
  }

  /// The cell of the recurrent layers.
  public var cellChoice: CellChoice {
    if let own = segments?.configuration { return CellChoice(own.cell, own.cellOptions, own.precision) }
    guard let own = autoregressive?.configuration else { return CellChoice(.gru) }
    return CellChoice(own.cell, own.cellOptions, own.precision)
  }

  /// The same network with the operands of the products in its recurrent layers rounded to `precision`.
  public func with(precision: Precision) -> ForecastNetwork {
    var copy = self
    if let own = segments { copy.segments?.recurrent = own.recurrent.with(precision: precision) }
    if let own = autoregressive { copy.autoregressive?.recurrent = own.recurrent.with(precision: precision) }
    return copy
  }
}
