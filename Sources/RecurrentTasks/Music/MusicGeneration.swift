/// A piece that a model has written.
public struct WrittenMusic: Sendable, Equatable {
  /// What sounds at each step, the given ones first.
  public var piece: MusicPiece
  /// Steps at the beginning that were given.
  public var givenCount: Int
  /// What it has in common with the training part; nil where that is not known, or nothing.
  public var copy: MusicCorpus.Copy?

  /// A line about what was copied.
  public var copyLine: String { copy.line(of: piece.steps.count - givenCount, "steps", of: "piece") }
}

/// Why music cannot be written as it was asked for.
public enum MusicError: Error, Equatable, CustomStringConvertible {
  /// Not a tone in all steps.
  case silent(temperature: Double)
  /// A melody without a tone in the range of the model.
  case noMelody(name: String)

  /// One line that says what is wrong and what to do.
  public var description: String {
    switch self {
    case .silent(let temperature):
      "all steps are silent at the temperature \(temperature); try another temperature, another seed, or a primer"
    case .noMelody(let name): "\(name): there is no melody to harmonise"
    }
  }
}

extension TrainedTask where Task == MusicTask {
  /// Writes a piece: goes on with its beginning, or begins one.
  ///
  /// - Parameters:
  ///   - primer: how it begins, on the grid of the task; nil for nothing.
  ///   - stepCount: steps to write behind it.
  ///   - sampler: how to choose.
  ///   - style: what is asked for along the steps; nil for nothing. The primer is read as of its beginning.
  ///   - key: of the random numbers: the same key writes the same piece.
  /// - Throws: ``MusicError/silent(temperature:)``.
  public func write(
    after primer: MusicPiece? = nil, stepCount: Int, sampler: MusicSampler = MusicSampler(),
    style: StyleCourse? = nil, key: RandomKey
  ) throws(MusicError) -> WrittenMusic {
    var session = task.session(model, style: style?.first)
    let given = primer.map { task.example($0).example.steps } ?? []
    for step in given { session.read(step) }
    let written = session.written(sampler, key: key, count: stepCount, style: style)
    guard stepCount == 0 || written.contains(where: { !$0.isEmpty }) else {
      throw .silent(temperature: sampler.tokens.temperature)
    }
    return finished(given + written, givenCount: given.count)
  }

  /// The voices below a melody: those that the model finds likely, by a search that keeps several.
  ///
  /// - Parameters:
  ///   - melody: the highest tone of each step counts; steps without one are silent at the top.
  ///   - width: harmonies that the search keeps from step to step.
  ///   - sampler: the voices at most, and by its temperature how much of chance is in the search: 0 for none.
  ///   - style: how much of each style; nil where none is asked for.
  ///   - key: of the random numbers.
  /// - Throws: ``MusicError/noMelody(name:)``.
  public func harmonise(
    _ melody: MusicPiece, width: Int = 16, sampler: MusicSampler = MusicSampler(Sampler(temperature: 0)),
    style: [Float]? = nil, key: RandomKey
  ) throws(MusicError) -> WrittenMusic {
    let top = task.example(melody).example.steps.map { $0.first }
    guard top.contains(where: { $0 != nil }) else { throw .noMelody(name: melody.name) }
    let search = HarmonySearch(
      task: task, model: model.packed(), style: style, width: max(1, width), sampler: sampler, key: key)
    return finished(search.steps(under: top), givenCount: 0)
  }

  private func finished(_ steps: [[MusicPiece.Tone]], givenCount: Int) -> WrittenMusic {
    let piece = MusicPiece(name: "", steps: steps, tellsHeld: task.tokens.tellsHeld)
    return WrittenMusic(
      piece: piece, givenCount: givenCount,
      copy: task.corpus.longestCopy(in: Array(steps.dropFirst(givenCount))))
  }
}
