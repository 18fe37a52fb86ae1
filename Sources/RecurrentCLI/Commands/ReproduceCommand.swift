import ArgumentParser
import Recurrent

/// `recurrent reproduce`.
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Train what Documentation/results.md says again, and compare the figure.",
    usage: "recurrent reproduce\nrecurrent reproduce <name> [--data <folder>] [options]",
    discussion: """
      Without a name: what there is, with the data that it needs, between which values the figure is expected, and how long it \
      takes on one thread. With a name: trains with the settings of the table and seed 1, evaluates, and says whether the figure is \
      inside the band, or by how much it is not. Exit code 0 inside, 1 outside.

      Data that come with the package are read in its folder; others, and those too, from --data, a folder that is laid out by \
      application as the list says.

      Example:

        recurrent reproduce seattle-weather
        recurrent reproduce ecg200 --data data --output ecg.bundle
      """)

  @Argument(help: ArgumentHelp("Which; without it all are listed.", valueName: "name"))
  var name: String?

  @Option(help: ArgumentHelp("Where data are that do not come with the package.", valueName: "folder"))
  var data: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("Keep the bundle.", valueName: "bundle"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Expect the figure between these, in place of what the list says.", valueName: "low,high"))
  var band: String?

  @Flag(help: "Go on with an interrupted training that has an --output.")
  var resume = false

  @Flag(help: "Replace a bundle or an unfinished training that stands at the output.")
  var overwrite = false

  @Flag(help: "Write lines of JSON: one for each recipe, or the events of the training and the comparison.")
  var json = false

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if let name, RecipeBook.recipe(named: name) == nil {
      let names = RecipeBook.recipes.map(\.name)
      let hint = Suggestion.nearest(to: name, among: names).map { "did you mean \($0)?" }
      throw ValidationError(
        "\"\(name)\" is not in the list; \(hint ?? "expected \(names.joined(separator: ", "))")")
    }
    if name == nil, data != nil || output != nil || band != nil || resume || overwrite {
      throw ValidationError("name what to train; `recurrent reproduce` lists it")
    }
    if output?.isEmpty ?? false { throw ValidationError("--output is empty, expected the path of a folder") }
    if output == nil, resume || overwrite {
      throw ValidationError("--resume and --overwrite need an --output")
    }
    _ = try expected()
  }

  /// What --band says.
  private func expected() throws -> ClosedRange<Double>? {
    guard let band else { return nil }
    let ends = band.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard ends.count == 2, let low = ends[0], let high = ends[1], low <= high else {
      throw ValidationError(
        "--band is \"\(band)\", expected two numbers with a comma between them, the lower first")
    }
    return low...high
  }

  func run() throws {
    guard let name, let recipe = RecipeBook.recipe(named: name) else { return try list() }
    try RecipeTraining.check(recipe)
    let words = try RecipeFiles(folder: data).words(of: recipe)
    let training = RecipeTraining(
      recipe: recipe, words: words,
      output: output.map { TrainingOutput($0, resumes: resume, overwrites: overwrite) }, isJSON: json)
    if !json { Terminal.error("recurrent \(recipe.shown)") }
    let own = try compute.run { try training.figure() }
    let comparison = RecipeComparison(recipe, own.value, range: try expected(), seconds: own.seconds)
    if json {
      try JSONLine.output(comparison)
    } else {
      for line in comparison.lines { Terminal.output(line) }
    }
    if !comparison.isInside { throw ExitCode.failure }
  }

  private func list() throws {
    if json {
      for recipe in RecipeBook.recipes { try JSONLine.output(RecipeEntry(recipe)) }
      return
    }
    let rows = RecipeBook.recipes.map { recipe in
      [
        recipe.name, recipe.what,
        recipe.files.isEmpty ? "none" : recipe.shipped.isEmpty ? recipe.folder : RecipeFiles.package,
        "\(recipe.metric) \(RecipeEntry(recipe).band)", duration(recipe.seconds),
      ]
    }
    for line in TextTable.lines([["name", "what", "data", "expected", "time"]] + rows) {
      Terminal.output(line)
    }
    Terminal.output("")
    Terminal.output(
      "data: \(RecipeFiles.package) comes with the package, other folders are looked for in that of --data")
  }
}
