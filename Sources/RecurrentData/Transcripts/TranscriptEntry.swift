/// A recording and its transcript, as a listing has them.
struct TranscriptEntry: Sendable {
  /// Where the content of a recording is.
  enum Content: Sendable, Equatable {
    /// A file.
    case file(String)
    /// An object of lines of JSON with strokes, by the number of the listing and its own.
    case object(listing: Int, Int)
  }

  /// What no other recording is called; nil where nobody says.
  var id: String?
  /// Where its content is.
  var content: Content
  /// What is said in it; nil where nobody says.
  var transcript: String?
  /// Other texts that are as right.
  var alternatives: [String] = []
  /// The listing that has it, by number, and its line there.
  var listing: Int
  var line: Int
  /// Who says it.
  var group: String?
  /// What it is for.
  var part: DataPart?
  /// The part of its file that it is, in seconds.
  var segment: Range<Double>?
  /// When its words are said.
  var words: [LabelledEvent]?
  /// What a table of words calls its file.
  var wordsName: String?
}
