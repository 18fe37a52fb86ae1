/// The names of files of music that is written.
enum MusicFileNames {
  /// The files of one of several pieces: `new-2.mid` and `new-2.svg`.
  static func of(_ path: String, _ index: Int, count: Int) -> (file: String, drawing: String) {
    let name = path.split(separator: "/").last ?? ""
    let dot = name.lastIndex(of: ".") ?? name.endIndex
    let ending = dot == name.startIndex ? "" : String(name[dot...])
    let stem = String(path.dropLast(ending.count)) + (count > 1 ? "-\(index + 1)" : "")
    return (stem + (ending.isEmpty ? ".mid" : ending), stem + ".svg")
  }

  /// What stands above the drawing of a file.
  static func title(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
