extension TaskRequest {
  /// A folder that has a file for each part, as the data of these parts; any other request as it is.
  ///
  /// - Returns: the request, and what was found about the folder.
  func withPartsOfFolder() -> (request: TaskRequest, note: DataNote?) {
    guard data.count == 1, data[0].isFolder, validationData.isEmpty, testData.isEmpty,
      let parts = PartFiles(folder: data[0].name)
    else { return (self, nil) }
    var own = self
    own.data = [DataSource(parts.training, format: data[0].format, rate: data[0].rate)]
    own.validationData = parts.validation.map { [DataSource($0, format: data[0].format)] } ?? []
    own.testData = parts.test.map { [DataSource($0, format: data[0].format)] } ?? []
    let files = [parts.training, parts.validation, parts.test].compactMap { $0.map(lastName) }
    var text = "the parts are the files \(files.joined(separator: ", ")) of \(data[0].name)"
    if !parts.others.isEmpty {
      text +=
        "; not read: " + parts.others.prefix(4).map(lastName).joined(separator: ", ")
        + (parts.others.count > 4 ? ", ..." : "")
    }
    return (own, DataNote(.assumed, text))
  }
}

extension [DataSource] {
  /// The data to evaluate: of a folder with a file for each part the one to test with, or the one to validate with; all others as
  /// they are.
  var evaluated: (data: [DataSource], notes: [DataNote]) {
    var (data, notes) = (self, [DataNote]())
    for (place, source) in enumerated() where source.isFolder {
      guard let parts = PartFiles(folder: source.name), let file = parts.test ?? parts.validation else {
        continue
      }
      data[place] = DataSource(file, format: source.format, rate: source.rate)
      notes.append(DataNote(.assumed, "of \(source.name) the file \(lastName(file)) is evaluated"))
    }
    return (data, notes)
  }
}

/// The name at the end of a path.
private func lastName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
