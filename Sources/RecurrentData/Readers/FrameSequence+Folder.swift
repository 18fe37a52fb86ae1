extension FrameSequence {
  /// Pictures of a second of a film that is a folder of pictures.
  static let folderRate = 25.0

  /// The pictures of a folder with PNG files and nothing else that is one, 25 a second, in the order of the numbers in their names.
  ///
  /// - Throws: ``DataError`` where there are none, or they have several sizes, or a format error.
  init(folder path: String) throws {
    let files = FrameSequence.pictureFiles(path)
    guard let first = files.first else {
      throw DataError.malformed(
        path: path, place: .byte(0), expected: "a folder with pictures of PNG", found: "none")
    }
    self = try PNGFile.read(DataBytes(DataSource(first)))
    for file in files.dropFirst() {
      let own = try PNGFile.read(DataBytes(DataSource(file)))
      guard own.width == width, own.height == height else {
        throw DataError.malformed(
          path: file, place: .byte(16),
          expected: "a picture of \(width) x \(height), as the first of the folder",
          found: "\(own.width) x \(own.height)")
      }
      frames += own.frames
    }
    durations = [Double](repeating: 1 / FrameSequence.folderRate, count: frames.count)
  }

  /// The PNG files in a folder, in the order of the numbers in their names.
  static func pictureFiles(_ path: String) -> [String] {
    guard let entries = try? DataFolder.entries(path) else { return [] }
    let names = entries.filter { !$0.isFolder && DataFolder.ending($0.path) == "png" }.map(\.path)
    return names.sorted { (order($0), $0) < (order($1), $1) }
  }

  /// A name with its numbers filled up, so that 9 stands before 10.
  private static func order(_ name: String) -> String {
    var (text, digits) = ("", "")
    func close() -> String {
      digits.isEmpty ? "" : String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    }
    for character in name {
      if character.isNumber {
        digits.append(character)
      } else {
        text += close() + String(character)
        digits = ""
      }
    }
    return text + close()
  }
}
