extension TaggingTask {
  /// The recordings of each part: as the data say, else dealt out; a single one is cut by time.
  static func parts(
    _ data: inout RecordSource, _ request: TaskRequest
  ) throws -> (training: RecordSource, validation: RecordSource, test: RecordSource) {
    let sizes = try request.settings.shares(standard: standardShares)
    var columns = request.settings.taggingColumns
    columns.records.knownFormat = data.format
    var all = [data]
    for (others, part) in [(request.validationData, DataPart.validation), (request.testData, .test)]
    where !others.isEmpty {
      all.append(
        try RecordSource(
          recordings: others, events: request.settings[.events].map { DataSource($0) }, columns: columns
        ).assigning(part))
    }
    if all.count == 1, data.count == 1, data.part(0) == nil, let count = data.stepCount(0) {
      let (training, validation, test) = sizes.ranges(of: count)
      let shares = [training, validation, test].map {
        "\(Int((100 * Double($0.count) / Double(max(count, 1))).rounded())) %"
      }
      data.notes.append(
        DataNote(
          .assumed,
          "the one recording is cut by time: \(shares.joined(separator: ", ")) to train, validate and test",
          setting: "split"))
      return (
        data.cut([training]), data.cut(validation.isEmpty ? [] : [validation]),
        data.cut(test.isEmpty ? [] : [test])
      )
    }
    let whole = RecordSource.joined(all)
    let parts = DataParts(sizes: sizes, sparingCount: 20, seed: request.seed)
    let areNamed = (0..<whole.count).contains { whole.part($0) != nil }
    var split = DataParts(sizes: sizes, seed: request.seed).split(whole)
    if areNamed, split.validation.isEmpty {
      // a tenth of the training part, whose recordings are counted by themselves
      let training = split.training
      var own = DataSplit(training: Array(training.indices))
      parts.spareValidation(&own, of: whole.selecting(training))
      (split.training, split.validation) = (
        own.training.map { training[$0] }, own.validation.map { training[$0] }
      )
    }
    return (
      whole.selecting(split.training), whole.selecting(split.validation), whole.selecting(split.test)
    )
  }
}
