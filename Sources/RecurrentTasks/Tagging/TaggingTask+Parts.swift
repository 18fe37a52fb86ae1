extension TaggingTask {
  /// The recordings of each part: as the data say, else dealt out; a single one is cut by time.
  static func parts(
    _ data: inout TaggedRecordings, _ request: TaskRequest
  ) throws -> (training: [TaggedRecording], validation: [TaggedRecording], test: [TaggedRecording]) {
    let shares = try request.settings.shares(standard: standardShares)
    var columns = request.settings.taggingColumns
    columns.records.knownFormat = data.format
    func further(_ paths: [String]) throws -> [TaggedRecording] {
      paths.isEmpty
        ? []
        : try TaggedRecordings(paths: paths, eventPath: request.settings[.events], columns: columns)
          .recordings
    }
    var validation = try further(request.validationPaths)
    var test = try further(request.testPaths)
    var all = data.recordings
    if all.contains(where: { $0.record.part != nil }) {
      validation += all.filter { $0.record.part == .validation }
      test += all.filter { $0.record.part == .test }
      all = all.filter { $0.record.part == .training || $0.record.part == nil }
    } else if !validation.isEmpty || !test.isEmpty {
      // the data are in files of their own
    } else if all.count == 1, case .series(let series) = all[0].record.content {
      let cuts = [0, shares[0], shares[0] + shares[1], 1].map {
        Int(($0 * Double(series.stepCount)).rounded())
      }
      data.notes.append(
        DataNote(
          .assumed,
          "the one recording is cut by time: \(shares.map { "\(Int(($0 * 100).rounded())) %" }.joined(separator: ", ")) to train, "
            + "validate and test", flag: "split"))
      let pieces = (0..<3).map { all[0].part(cuts[$0]..<cuts[$0 + 1]) }
      return ([pieces[0]], cuts[2] > cuts[1] ? [pieces[1]] : [], cuts[3] > cuts[2] ? [pieces[2]] : [])
    } else {
      let parts = DataSplit.dealt(
        Array(all.indices), labels: all.map { _ in nil }, shares: shares,
        key: RandomKey(seed: request.seed).child(10))
      return (parts[0].map { all[$0] }, parts[1].map { all[$0] }, parts[2].map { all[$0] })
    }
    if validation.isEmpty, all.count >= 20 {
      let parts = DataSplit.dealt(
        Array(all.indices), labels: all.map { _ in nil }, shares: [0.9, 0.1],
        key: RandomKey(seed: request.seed).child(10))
      return (parts[0].map { all[$0] }, parts[1].map { all[$0] }, test)
    }
    return (all, validation, test)
  }
}
