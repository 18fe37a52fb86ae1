import ArgumentParser
import Recurrent

/// What is asked for of a model that was trained with styles: words, a way from one to another, or a file to be like.
struct StyleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Music and drawings: a word of the training data, such as what is drawn or a composer, or cat:0.5,dog:0.5.",
      valueName: "word"))
  var style: String?

  @Option(
    help: ArgumentHelp(
      "With --style: what it becomes, along a piece of music or from the first drawing to the last.",
      valueName: "word"))
  var styleTo: String?

  @Option(
    help: ArgumentHelp(
      "Music and drawings: the style that a file is nearest to, which is said.", valueName: "file"))
  var like: String?

  /// The first flag that is given; nil where none is.
  var flag: String? {
    style != nil ? "--style" : styleTo != nil ? "--style-to" : like != nil ? "--like" : nil
  }

  func validate() throws {
    guard style == nil || like == nil else {
      throw ValidationError("--style and --like both say what is asked for; give one of them")
    }
    guard styleTo == nil || style != nil || like != nil else {
      throw ValidationError("--style-to is where a way ends; say with --style where it begins")
    }
  }

  /// What is asked for; nil where nothing is.
  ///
  /// - Parameters:
  ///   - names: the words that the model knows.
  ///   - nearest: the word under which the model finds a file the likeliest.
  func course(_ names: StyleNames, nearest: (DataSource) throws -> String?) throws -> StyleCourse? {
    var first = style
    if let like {
      guard let own = try nearest(DataSource(like)) else {
        throw ValidationError("--like is \(like), but the model was trained without styles")
      }
      Terminal.error("note: \(like) is nearest to the style \"\(own)\"")
      first = own
    }
    guard let first else { return nil }
    return StyleCourse(
      try names.shares(first), to: try styleTo.map { try names.shares($0, setting: "style-to") })
  }
}
