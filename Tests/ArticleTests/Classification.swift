import Recurrent
import Testing

@Test func classification() throws {
  // article: begin
  let records = (0..<40).map { index in
    let slope: Float = index % 2 == 0 ? 1 : -1
    let series = NumericSeries(channels: ["level"], values: (0..<8).map { slope * Float($0 + index % 3) })
    return Record(.series(series), label: index % 2 == 0 ? "up" : "down", origin: "row \(index)")
  }
  let labels = records.map { $0.label == "up" ? 1 : 0 }
  let (featurizer, _) = try SequenceFeaturizer.fit(RecordSource(records), labels: labels, classCount: 2)
  let task = ClassificationTask(
    featurizer: featurizer, labels: ["down", "up"],
    classifier: PooledNetworkConfiguration(
      network: SequenceNetworkConfiguration(featureCount: featurizer.featureCount, hiddenSize: 8),
      classCount: 2))
  let examples = try zip(records, labels).enumerated().map { index, pair in
    ClassificationTask.Example(
      features: try featurizer.trainingFeatures(pair.0, index: index), target: pair.1)
  }
  let plan = TrainingPlan(
    task: task, training: ExampleSource(examples), validation: ExampleSource([]), test: ExampleSource([]),
    suggested: TaskSettings(batchSize: 10, learningRate: 1e-2, training: TrainerSettings(epochs: 20)),
    settings: Settings(), unitName: "sequences")
  var trainer = Trainer(
    problem: try task.problem(plan), model: task.makeModel(key: RandomKey(seed: 1)),
    optimizer: Adam(learningRate: 1e-2), settings: plan.settings.training)
  _ = try trainer.run()
  let prediction = task.predictions(trainer.result, to: [examples[0]])[0]
  precondition(prediction.probabilities[1] > 0.5)  // up
  // article: end
}
