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

  /// The voices below a melody: drawn from what the model finds likely under it, or without temperature the likeliest that a search
  /// finds, which holds its tones longer and has fewer.
  ///
  /// - Parameters:
  ///   - melody: the highest tone of each step counts; steps without one are silent at the top.
  ///   - width: harmonies that are kept side by side from step to step.
  ///   - sampler: the voices at most, and the temperature.
  ///   - style: how much of each style; nil where none is asked for.
  ///   - key: of the random numbers.
  /// - Throws: ``MusicError/noMelody(name:)``.
  public func harmonise(
    _ melody: MusicPiece, width: Int = 16, sampler: MusicSampler = MusicSampler(), style: [Float]? = nil,
    key: RandomKey
  ) throws(MusicError) -> WrittenMusic {
    let top = task.example(melody).example.steps.map { $0.first }
    guard top.contains(where: { $0 != nil }) else { throw .noMelody(name: melody.name) }
    let (width, packed) = (max(1, width), model.packed())
    let steps: [[MusicPiece.Tone]]
    if let events = style.map({ packed.events(of: $0) }) ?? packed.events {
      let rows = HarmonyRows(events: events, tokens: task.tokens)
      steps =
        sampler.tokens.temperature > 0
        ? HarmonyDraw(rows: rows, count: width, sampler: sampler, key: key).steps(under: top)
        : HarmonySearch(rows: rows, width: width, voices: sampler.voices).steps(under: top)
    } else {
      steps = keys(under: top, task.session(packed, style: style), sampler, key: key)
    }
    return finished(steps, givenCount: 0)
  }

  /// Of independent keys those below a melody that are drawn at each step.
  private func keys(
    under top: [MusicPiece.Tone?], _ beginning: MusicSession, _ sampler: MusicSampler, key: RandomKey
  ) -> [[MusicPiece.Tone]] {
    var session = beginning
    return top.enumerated().map { index, tone in
      var step: [MusicPiece.Tone] = []
      if let tone {
        let chosen = session.stepper.sample(MusicSampler(sampler.tokens), key: key.child(index))
        step = Array(([tone] + chosen.filter { $0.key < tone.key }).prefix(sampler.voices ?? .max))
      }
      session.read(step)
      return step
    }
  }

  private func finished(_ steps: [[MusicPiece.Tone]], givenCount: Int) -> WrittenMusic {
    let piece = MusicPiece(name: "", steps: steps, tellsHeld: task.tokens.tellsHeld)
    return WrittenMusic(
      piece: piece, givenCount: givenCount,
      copy: task.corpus.longestCopy(in: Array(steps.dropFirst(givenCount))))
  }
}
