import RecurrentReports

/// A performance that a model has played.
public struct WrittenPerformance: Sendable, Equatable {
  /// All of it, what was given first.
  public var performance: MusicPerformance
  /// Notes that were given.
  public var givenCount: Int
  /// How long that was, in hundredths of a second.
  public var givenLength: Int
  /// Whether the model ended it before the length that was asked for.
  public var endedByItself: Bool
  /// What its keys have in common with the training part; nil where that is not known, or nothing.
  public var copy: MusicCorpus.Copy?

  /// A line about what was copied.
  public var copyLine: String {
    copy.line(of: performance.notes.count - givenCount, "notes", of: "performance")
  }
}

extension TrainedTask where Task == PerformanceTask {
  /// Plays: goes on with a beginning, or begins.
  ///
  /// - Parameters:
  ///   - primer: how it begins; nil for nothing.
  ///   - length: hundredths of a second to play behind it; what sounds then ends there.
  ///   - sampler: how to choose.
  ///   - voices: the most keys at a time; nil for any number.
  ///   - key: of the random numbers: the same key plays the same.
  /// - Throws: ``MusicError/silent(temperature:)``.
  public func play(
    after primer: MusicPerformance? = nil, length: Int, sampler: Sampler = Sampler(), voices: Int? = nil,
    key: RandomKey
  ) throws(MusicError) -> WrittenPerformance {
    var session = task.beginning(model)
    let tokens = task.tokens
    var ids = primer.map { Array(tokens.tokens(of: $0).dropLast()) } ?? []
    for id in ids { session.read(id) }
    let given = (ids: ids.count, time: session.stepper.grammar(row: 0).time)
    var (workspace, endedByItself) = (SamplerWorkspace(), false)
    for place in 0... {
      let id = session.stepper.choose(
        sampler, voices: voices, uniform: Double(key.uniform(at: place)), workspace: &workspace)
      guard id != tokens.token(.end) else {
        endedByItself = true
        break
      }
      // a wait beyond the length is cut there, and what sounds ends
      if case .wait(let wait)? = tokens.event(id) {
        let left = given.time + length - session.stepper.grammar(row: 0).time
        if wait >= left {
          ids += tokens.waits(left)
          break
        }
      }
      ids.append(id)
      session.read(id)
    }
    let performance = tokens.performance(of: ids)
    let givenCount = tokens.performance(of: ids.prefix(given.ids)).notes.count
    guard length == 0 || performance.notes.count > givenCount else {
      throw .silent(temperature: sampler.temperature)
    }
    let keys = performance.notes.dropFirst(givenCount).map { [MusicPiece.Tone($0.key)] }
    return WrittenPerformance(
      performance: performance, givenCount: givenCount, givenLength: given.time,
      endedByItself: endedByItself, copy: task.corpus.longestCopy(in: keys))
  }
}

extension PerformanceTask {
  /// A performance that was played as a piano roll in SVG, what was given in grey.
  public func drawing(_ written: WrittenPerformance, title: String) -> String {
    PianoRollChart(title: title, written.performance, givenLength: written.givenLength).svg
  }
}
