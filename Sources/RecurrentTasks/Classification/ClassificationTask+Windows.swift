/// Long recordings in windows: a training step reads one that begins anywhere, a prediction is made of all of them.
extension ClassificationTask {
  /// From so many pictures on a film is long.
  static let longFilm = 400
  /// The pictures of a window of such films.
  static let standardWindow = 128
  /// Windows that are read side by side.
  private static let windowBatch = 8

  /// The steps of the windows that sequences are read in where they are longer: as asked, of long films those of a standard; nil for
  /// the whole.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` for a causal model, which reads whatever comes.
  static func windowSteps(
    _ modality: Modality, longest: Int, _ settings: Settings
  ) throws(DataError) -> Int? {
    let isCausal = settings[.causal] ?? false
    guard let asked = settings[.windowSteps] else {
      return modality == .pictures && longest > longFilm && !isCausal ? standardWindow : nil
    }
    guard !isCausal else {
      throw .invalidSetting(
        name: "window-steps", expected: "none for a causal model, which reads as long as steps come",
        found: "\(asked)")
    }
    return asked < longest ? asked : nil
  }

  /// What is said about windows.
  static func windowNote(_ steps: Int, _ settings: Settings) -> DataNote {
    DataNote(
      settings[.windowSteps] == nil ? .assumed : .found,
      "longer sequences are read in windows of \(steps) steps; of all windows of one the mean of the scores counts",
      setting: "window-steps")
  }

  /// Whether a sequence is read in windows.
  func isLong(_ example: Example) -> Bool { windowSteps.map { example.features.stepCount > $0 } ?? false }

  /// Steps that are read at once: those of a window at most.
  public func cost(of example: Example) -> Int {
    min(example.features.stepCount, windowSteps ?? example.features.stepCount)
  }

  /// An example changed as the augmentation says, of a long one a window that begins anywhere.
  public func augmented(_ example: Example, key: RandomKey) -> Example {
    guard let windowSteps, isLong(example) else { return changed(example, key: key) }
    let places = example.features.stepCount - windowSteps + 1
    let start = min(Int(key.child(6).uniforms(1)[0] * Float(places)), places - 1)
    var own = example
    own.features = example.features.part(start..<start + windowSteps)
    return changed(own, key: key)
  }

  /// The predictions of examples; see ``windowSteps``.
  public func predictions(_ model: PooledNetwork, to examples: [Example]) -> [Prediction] {
    guard examples.contains(where: isLong) else { return wholePredictions(model, to: examples) }
    return examples.map { prediction(scores(model, of: $0)) }
  }

  /// The scores `[C]` of an example: of a long one the mean of its windows, which lie side by side but for the last, which ends with
  /// the sequence.
  func scores(_ model: PooledNetwork, of example: Example) -> [Float] {
    guard let windowSteps, isLong(example) else {
      return model(FeatureBatch([example.features])).scalars
    }
    let count = example.features.stepCount
    let starts = stride(from: 0, to: count, by: windowSteps).map { min($0, count - windowSteps) }
    let classes = labels.count
    var sums = [Float](repeating: 0, count: classes)
    for first in stride(from: 0, to: starts.count, by: ClassificationTask.windowBatch) {
      let own = starts[first..<min(first + ClassificationTask.windowBatch, starts.count)]
      let windows = own.map { example.features.part($0..<$0 + windowSteps) }
      for (place, score) in model(FeatureBatch(windows)).scalars.enumerated() {
        sums[place % classes] += score
      }
    }
    return sums.map { $0 / Float(starts.count) }
  }
}
