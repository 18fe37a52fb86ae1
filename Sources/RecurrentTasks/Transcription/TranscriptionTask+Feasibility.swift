import RecurrentReports

/// Recordings whose transcripts have more units than there are frames for: no alignment fits them.
struct TranscriptFeasibility {
  /// A recording with too few frames.
  struct Item: Equatable {
    var name: String
    var needed, found: Int
  }

  /// The numbers of the recordings that can be learnt from.
  private(set) var feasible: [Int] = []
  /// The others.
  private(set) var items: [Item] = []

  /// The share of recordings that may be left out of a training.
  static let largestShare = 0.05

  /// Looks at all recordings.
  ///
  /// - Throws: what finding out their lengths throws.
  init(_ task: TranscriptionTask, _ records: RecordSource, progress: (Double) -> Void = { _ in }) throws {
    for index in 0..<records.count {
      progress(Double(index) / Double(records.count))
      let needed = CTCAlignment.framesNeeded(task.units.outputs(of: records.transcript(index) ?? ""))
      let found = task.frameCount(steps: try task.featurizer.stepCount(try records.record(index)))
      if needed <= found {
        feasible.append(index)
      } else {
        items.append(Item(name: records.name(index), needed: needed, found: found))
      }
    }
  }

  private var count: Int { feasible.count + items.count }

  /// Whether too many are left out for a training.
  var isTooMuch: Bool {
    Double(items.count) > TranscriptFeasibility.largestShare * Double(count) || feasible.isEmpty
  }

  /// What is left out, each by its name; nil where nothing is.
  func sentence(_ part: String) -> String? {
    guard !items.isEmpty else { return nil }
    let shown = items.prefix(10).map { "\($0.name) needs \(counted($0.needed, "frame")) and has \($0.found)" }
    let rest = items.count > 10 ? "; and \(items.count - 10) more" : ""
    return
      "\(items.count) of \(counted(count, "recording")) \(part) have fewer frames than their transcripts need: "
      + shown.joined(separator: "; ") + rest
  }

  /// Throws where too many are left out for a training.
  func check(_ request: TaskRequest, _ task: TranscriptionTask) throws {
    guard isTooMuch, let sentence = sentence("to train on") else { return }
    var remedies = ["more frames for each step by `upsample`"]
    if task.network.stride > 1 {
      remedies.insert(
        "fewer steps that become one: `convolutions` without a stride of \(task.network.stride)", at: 0)
    }
    if task.units.kind == .character { remedies.append("larger units: `unit` piece or word") }
    throw TaskError.unfit(
      paths: request.data.map(\.name),
      reason: "\(sentence). They would be left out, which is too many; remedies: "
        + remedies.joined(separator: ", or "))
  }
}
