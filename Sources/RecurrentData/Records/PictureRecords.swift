/// Pictures of MNIST's kind, each read when it is asked for.
struct PictureRecords: RecordStorage {
  private let images: IDXFile
  private let labels: [Int]?
  private let path: String
  private let channels: [String]

  var count: Int { images.shape[0] }
  func name(_ index: Int) -> String { "\(path), picture \(index + 1)" }
  func label(_ index: Int) -> String? { labels.map { "\($0[index])" } }

  func record(_ index: Int) -> Record {
    Record(
      .series(NumericSeries(channels: channels, values: images.row(index).map { $0 / 255 })),
      label: label(index), origin: name(index))
  }

  /// The pictures of a file, with the labels of the file beside it.
  ///
  /// - Throws: ``DataError`` or a format error.
  static func source(_ file: DataBytes, readsPixels: Bool, needsLabels: Bool) throws -> RecordSource {
    let (path, images) = (file.path, try IDXFile(file))
    guard images.shape.count == 3, images.shape.allSatisfy({ $0 > 0 }) else {
      throw DataError.malformed(
        path: path, place: .byte(4), expected: "pictures [count, rows, columns]",
        found: "the shape \(images.shape)")
    }
    let labelPath = path.replacing("images-idx3", with: "labels-idx1")
    var labels: [Int]?
    if labelPath != path, DataFolder.exists(labelPath) {
      labels = try numbers(IDXFile(DataBytes(DataSource(labelPath))), of: images.shape[0], path: labelPath)
    }
    guard labels != nil || !needsLabels else { throw DataError.notFound(path: labelPath) }
    let (rows, columns) = (images.shape[1], images.shape[2])
    let names = readsPixels ? ["pixel"] : (0..<columns).map { "column \($0 + 1)" }
    var source = RecordSource(
      PictureRecords(images: images, labels: labels, path: path, channels: names),
      notes: [
        DataNote(.found, "\(images.shape[0]) pictures of \(rows) x \(columns)"),
        DataNote(
          .assumed, readsPixels ? "a step is a pixel" : "a step is a row of a picture",
          setting: readsPixels ? nil : "pixels"),
      ])
    source.arePictureRows = !readsPixels
    return source
  }

  /// Labels as whole numbers.
  private static func numbers(_ labels: IDXFile, of count: Int, path: String) throws(DataError) -> [Int] {
    guard labels.shape == [count] else {
      throw .malformed(
        path: path, place: .byte(4), expected: "\(count) labels", found: "the shape \(labels.shape)")
    }
    var numbers: [Int] = []
    for index in 0..<count {
      guard let value = labels.row(index).first, let number = Int(exactly: value) else {
        throw .malformed(
          path: path, place: .byte(8), expected: "whole numbers as labels",
          found: "label \(index + 1), \(labels.row(index))")
      }
      numbers.append(number)
    }
    return numbers
  }
}
