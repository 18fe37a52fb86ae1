extension RecipeBook {
  /// What comes next.
  static let forecasts = [
    load(24, "0.2844, 0.2842, 0.2850", seconds: 80), load(96, "0.357, 0.356, 0.357", seconds: 120),
    load(336, "0.425, 0.427, 0.426", seconds: 240), load(720, "0.430, 0.426, 0.433", seconds: 360),
    Recipe(
      name: "seattle-weather", what: "the warmest of each day in Seattle, a week ahead",
      folder: "forecasting/seattle-weather",
      command: "train forecasting {seattle-weather.csv} --target temp_max --horizon 7 --season 7",
      shipped: ["seattle-weather.csv": "seattle-weather.csv"], metric: "MASE", figures: "0.767, 0.768, 0.765",
      band: .seeds(least: 0.01), seconds: 5),
    Recipe(
      name: "melbourne-weather", what: "the coldest of each day in Melbourne, a week ahead",
      folder: "forecasting/daily-min-temperatures",
      command: "train forecasting {daily-min-temperatures.csv} --horizon 7 --season 7", metric: "MASE",
      figures: "0.659, 0.659, 0.664", band: .seeds(least: 0.01), seconds: 8),
  ]

  private static func load(_ horizon: Int, _ figures: String, seconds: Double) -> Recipe {
    Recipe(
      name: "etth1-\(horizon)", what: "ETTh1, \(horizon) hours ahead", folder: "forecasting/etth1",
      command: "train forecasting {ETTh1.csv} --horizon \(horizon) --split 8640,2880,2880",
      metric: "scaled mean squared error", figures: figures, band: .seeds(least: 0.003), seconds: seconds)
  }
}
