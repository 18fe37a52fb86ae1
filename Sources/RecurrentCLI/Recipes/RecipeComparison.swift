import Recurrent

/// A recipe as the list has it.
struct RecipeEntry: Encodable {
  let name, what, command, metric, figures, reason: String
  /// The files: in the package, or in the folder of data.
  let data: [String]
  let low, high, seconds: Double

  init(_ recipe: Recipe) {
    (name, what, command) = (recipe.name, recipe.what, recipe.shown)
    (metric, figures) = (recipe.metric, recipe.figures)
    data = recipe.files.map { file in
      recipe.shipped[file].map { "\(RecipeFiles.package)/\($0)" } ?? RecipeFiles.place(file, in: recipe)
    }
    (low, high) = (recipe.range.lowerBound, recipe.range.upperBound)
    (reason, seconds) = (recipe.band.reason(recipe.values), recipe.seconds)
  }

  /// The band for people.
  var band: String { "\(significant(low)) to \(significant(high))" }
}

/// A figure beside what is expected.
struct RecipeComparison: Encodable {
  let event = "reproduced"
  let name, metric, reason: String
  let value, low, high, seconds, expectedSeconds: Double
  let isInside: Bool
  /// How far it is outside; negative below, 0 inside.
  let distance: Double

  /// A comparison.
  ///
  /// - Parameter range: what is expected in place of the band of the recipe; nil for that.
  init(_ recipe: Recipe, _ value: Double, range: ClosedRange<Double>?, seconds: Double) {
    let band = range ?? recipe.range
    (name, metric, self.value, self.seconds) = (recipe.name, recipe.metric, value, seconds)
    (low, high, expectedSeconds) = (band.lowerBound, band.upperBound, recipe.seconds)
    reason = range == nil ? recipe.band.reason(recipe.values) : "as --band says"
    // not a number is inside of nothing
    isInside = band.contains(value)
    distance = isInside ? 0 : value < low ? value - low : value - high
  }

  /// The comparison for people.
  var lines: [String] {
    [
      "\(name): \(metric) \(significant(value)), expected \(significant(low)) to \(significant(high)) (\(reason))",
      isInside
        ? "inside the band"
        : "outside the band: \(significant(abs(distance))) \(distance < 0 ? "below" : "above")",
      "took \(duration(seconds)), expected about \(duration(expectedSeconds)) on one thread",
    ]
  }
}
