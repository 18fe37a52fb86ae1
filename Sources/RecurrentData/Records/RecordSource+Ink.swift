extension RecordSource {
  /// Whether entries of a folder are files of InkML, and nothing else but texts about them.
  static func areInk(_ entries: [DataFolder.Entry]) -> Bool {
    let files = entries.filter { !$0.isFolder && !["md", "txt"].contains(DataFolder.ending($0.path)) }
    return !files.isEmpty && files.allSatisfy { DataFolder.ending($0.path) == "inkml" }
  }

  /// Characters or formulas of a pen, a file of InkML each, with the class that the annotation of the whole gives.
  ///
  /// - Throws: ``DataError``, also for a file without such an annotation.
  static func ink(_ entries: [DataFolder.Entry], part: DataPart?) throws(DataError) -> [Record] {
    var records: [Record] = []
    for entry in entries where !entry.isFolder && DataFolder.ending(entry.path) == "inkml" {
      let bytes: DataBytes
      do { bytes = try DataBytes(DataSource(entry.path)) } catch let error as DataError { throw error } catch
      {
        throw .unreadable(path: entry.path, reason: "\(error)")
      }
      let file = try InkMLFile(bytes)
      guard let label = file.transcript?.trimmingBlanks, !label.isEmpty else {
        throw .malformed(
          path: entry.path, place: .line(1),
          expected:
            "an annotation of the type \"label\" or \"truth\" of the whole, or a folder for each class",
          found: "none")
      }
      records.append(
        Record(.strokes(file.strokes), label: label, group: file.writer, part: part, origin: entry.path))
    }
    return records
  }
}
