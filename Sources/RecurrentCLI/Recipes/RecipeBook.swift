/// The recipes by name.
enum RecipeBook {
  /// All recipes, in the order of `Documentation/results.md`.
  static let recipes = labels + moments + drawn + sequences + systems + policies + forecasts

  /// The recipe of a name; nil where there is none.
  static func recipe(named name: String) -> Recipe? { recipes.first { $0.name == name } }
}
