/// Where the files of recipes are: in a folder of data that is laid out by application, or in the package.
struct RecipeFiles {
  /// The folder of data; nil where none is given.
  let folder: String?

  /// The folder of the package's own data, seen from its root.
  static let package = "Examples/Data"

  /// The words of a recipe with the paths of its files.
  ///
  /// - Throws: ``RunError/recipe(_:)``, which names all that is missing and where it is looked for.
  func words(of recipe: Recipe) throws -> [String] {
    let missing = recipe.files.filter { path($0, of: recipe) == nil }
    guard missing.isEmpty else { throw RunError.recipe(explanation(of: recipe, missing)) }
    return recipe.words { path($0, of: recipe) ?? $0 }
  }

  /// The path of a file: in the folder, or else in the package.
  private func path(_ file: String, of recipe: Recipe) -> String? {
    let places = [
      recipe.folder.isEmpty ? nil : folder.map { "\($0)/\(RecipeFiles.place(file, in: recipe))" },
      recipe.shipped[file].map { "\(RecipeFiles.package)/\($0)" },
    ]
    return places.lazy.compactMap { $0 }.first(where: OutputFile.exists)
  }

  /// Where a file stands in the folder of data.
  static func place(_ file: String, in recipe: Recipe) -> String {
    file.isEmpty ? recipe.folder : "\(recipe.folder)/\(file)"
  }

  private func explanation(of recipe: Recipe, _ missing: [String]) -> String {
    let shipped = missing.compactMap { recipe.shipped[$0] }.map { "\(RecipeFiles.package)/\($0)" }
    let places = missing.map { RecipeFiles.place($0, in: recipe) }.joined(separator: " and ")
    var ways: [String] = []
    if shipped.count == missing.count {
      ways.append("run it in the folder of the package, where \(shipped.joined(separator: " and ")) stands")
    }
    if !recipe.folder.isEmpty {
      ways.append(
        folder.map { "put \(places) into \($0), which lacks it" }
          ?? "give --data FOLDER, a folder with \(places)")
    }
    return "\(recipe.name): the data are missing (\(recipe.what)); " + ways.joined(separator: ", or ")
  }
}
