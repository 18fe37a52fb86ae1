extension ExampleSource {
  /// The sequences of several sources, one source after the other.
  init(_ sources: [LabelledSource], example: @escaping @Sendable (SequenceRecord) throws -> Example) {
    let starts = sources.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    @Sendable func place(_ index: Int) -> (LabelledSource, Int) {
      let source = (starts.firstIndex { $0 > index } ?? starts.count) - 1
      return (sources[source], index - starts[source])
    }
    self.init(count: starts[starts.count - 1]) { index in
      let (source, own) = place(index)
      return source.name(own)
    } example: { index in
      let (source, own) = place(index)
      return try example(source.record(own))
    }
  }
}

extension LabelledSource {
  /// The sequences of files and folders; where targets are needed, those of the test part of data that name parts.
  static func all(
    _ paths: [String], _ columns: RecordColumns, known: TableColumns?, needsTargets: Bool,
    readsPixels: Bool = false
  ) throws -> [LabelledSource] {
    guard needsTargets else {
      return try paths.map {
        try LabelledSource(path: $0, columns: columns, known: known, readsPixels: readsPixels)
      }
    }
    let records = try paths.flatMap { path in
      try LabelledRecords(path: path, columns: columns, readsPixels: readsPixels, known: known).records
    }
    let test = records.filter { $0.part == .test }
    return [LabelledSource(test.isEmpty ? records : test)]
  }
}
