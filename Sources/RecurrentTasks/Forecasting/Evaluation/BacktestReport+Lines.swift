import RecurrentReports

extension BacktestReport {
  /// The evaluation as lines for a terminal.
  public var lines: [String] {
    func column(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func number(_ value: Double?) -> String { value.map { significant($0, 4) } ?? "-" }
    var lines = [
      "\(windowCount) forecasts of \(horizon) steps, each from what was known before it", "",
      "forecast".padded(to: 16)
        + ["MAE", "RMSE", "MASE", "sMAPE", "WQL", "CRPS"].map { column($0, 10) }.joined()
        + column("scaled MSE", 12) + column("scaled MAE", 12),
    ]
    for entry in entries {
      let own = entry.metrics
      let figures = [own.mae, own.rmse, own.mase, own.smape, own.weightedQuantileLoss, own.crps]
      let cells = figures.map { column(number(own.count > 0 ? $0 : nil), 10) }
      let scaled = [entry.scaledMSE, entry.scaledMAE].map { column(number(own.count > 0 ? $0 : nil), 12) }
      lines.append(entry.name.padded(to: 16) + (cells + scaled).joined())
    }
    lines.append("")
    if model.metrics.crps != nil {
      lines.append("of the model: MAE, MASE and sMAPE of the median, RMSE and scaled MSE of the mean")
    }
    if entries.count > 1 {
      lines.append("of the others, which are points: WQL is sum |error| / sum |value|, CRPS is MAE")
    }
    for entry in entries where entry.metrics.missing > 0 {
      let (missing, count) = (entry.metrics.missing, entry.metrics.count)
      lines.append(
        "left out of \"\(entry.name)\": \(missing) of \(missing + count) values without a forecast")
    }
    if !model.metrics.coverages.isEmpty {
      lines.append("")
      let shares = model.metrics.coverages.map {
        "\(rounded(100 * $0.nominal, 0)) %: \(rounded(100 * $0.actual, 1)) %"
      }
      lines.append("truth within the interval of " + shares.joined(separator: ", "))
    }
    if let prices {
      lines.append("")
      lines.append(
        "returns: RMSE \(number(prices.returnRMSE)), of no change \(number(prices.naiveReturnRMSE)); "
          + (prices.signShare.map { "sign right \(rounded(100 * $0, 1)) %" } ?? "no sign is predicted"))
      lines.append(
        "volatility: predicted \(number(prices.predictedVolatility)), came \(number(prices.realizedVolatility))"
      )
      for risk in prices.valuesAtRisk {
        lines.append(
          "value at risk \(rounded(100 * risk.level, 1)) %: exceeded \(rounded(100 * risk.exceeded, 1)) %, "
            + "by history \(rounded(100 * risk.naiveExceeded, 1)) %")
      }
    }
    return lines
  }
}
