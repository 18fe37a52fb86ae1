extension BacktestReport {
  /// The judgement as lines for a terminal.
  public var lines: [String] {
    func column(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func number(_ value: Double?) -> String { value.map { significant($0, 4) } ?? "-" }
    var lines = [
      "\(windowCount) forecasts of \(horizon) steps, each from what was known before it", "",
      "forecast".padded(to: 16)
        + ["MAE", "RMSE", "MASE", "sMAPE", "WQL", "CRPS"].map { column($0, 10) }.joined()
        + column("scaled MSE", 12),
    ]
    for entry in entries {
      let own = entry.metrics
      let cells = [own.mae, own.rmse, own.mase, own.smape, own.weightedQuantileLoss, own.crps].map {
        column(number($0), 10)
      }
      lines.append(entry.name.padded(to: 16) + cells.joined() + column(number(entry.scaledMSE), 12))
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
        "returns: RMSE \(number(prices.returnRMSE)), of no change \(number(prices.naiveReturnRMSE)); sign right "
          + "\(rounded(100 * prices.signShare, 1)) %")
      lines.append(
        "volatility: foretold \(number(prices.predictedVolatility)), came \(number(prices.realizedVolatility))"
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
