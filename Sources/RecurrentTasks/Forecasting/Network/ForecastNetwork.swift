/// A forecasting network of either kind.
public struct ForecastNetwork: RecurrentModel {
  /// Where all steps of the horizon come at once.
  public var segments: SegmentForecaster?
  /// Where they come one after the other.
  public var autoregressive: AutoregressiveForecaster?
  /// The sizes.
  public let configuration: ForecastNetworkConfiguration

  /// A network with fresh parameters.
  public init(_ configuration: ForecastNetworkConfiguration, key: RandomKey) {
    self.configuration = configuration
    switch configuration.kind {
    case .segments: segments = SegmentForecaster(configuration, key: key)
    case .autoregressive: autoregressive = AutoregressiveForecaster(configuration, key: key)
    }
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("segments", &segments)
    visitor.visit("autoregressive", &autoregressive)
  }

  /// The cell of the recurrent layers.
  public var cellChoice: CellChoice { configuration.cell }

  /// The same network with its weights in the form that kernels read.
  public func packed() -> ForecastNetwork { mapping { $0.packed() } }

  /// The same network with the operands of the products in its recurrent layers rounded to `precision`.
  public func with(precision: Precision) -> ForecastNetwork { mapping { $0.with(precision: precision) } }

  private func mapping(
    _ change: (RecurrentLayer<AnyCell>) -> RecurrentLayer<AnyCell>
  ) -> ForecastNetwork {
    var copy = self
    if let own = segments { copy.segments?.recurrent = change(own.recurrent) }
    if let own = autoregressive { copy.autoregressive?.recurrent = change(own.recurrent) }
    return copy
  }
}
