/// What must be the same in the files of a bundle as when they were written.
///
/// `task.json` begins with a checksum of its other bytes and lists those of the files that predictions depend on. Bundles
/// from before there were checksums have the SHA-256 of their model alone.
struct BundleChecks: Sendable {
  /// The folder as the caller gave it.
  let path: String
  /// The bytes of `task.json`.
  let manifest: [UInt8]
  private let checksums: [String: String]?
  private let modelHash: String?

  /// The checks of a bundle with a `task.json` of these bytes.
  init(path: String, manifest: [UInt8], _ head: BundleHead) {
    (self.path, self.manifest) = (path, manifest)
    (checksums, modelHash) = (head.checksums, head.modelHash)
  }

  private static let beginning = Array("{\n  \"checksum\" : \"".utf8)
  private static let end = Array("\",".utf8)
  private static let digitCount = 16

  /// An object of JSON with its checksum as the first entry.
  static func inserting(checksumInto object: [UInt8]) -> [UInt8] {
    beginning + Array(XXHash64.digits(of: object).utf8) + end + object.dropFirst()
  }

  /// The checksum that an object begins with, and the object without it; nil where there is none.
  private static func taken(from bytes: [UInt8]) -> (digits: String, object: [UInt8])? {
    let place = beginning.count..<beginning.count + digitCount
    guard bytes.starts(with: beginning), bytes.count > place.upperBound,
      bytes[place.upperBound...].starts(with: end)
    else { return nil }
    let rest = bytes[(place.upperBound + end.count)...]
    return (String(decoding: bytes[place], as: UTF8.self), [UInt8(ascii: "{")] + rest)
  }

  /// Throws where a file is another one.
  func verify() throws {
    guard let checksums else {
      // a checksum without the others has lost them to damage
      guard BundleChecks.taken(from: manifest) == nil else { throw damaged("task.json") }
      let model = AnyModel.file(of: BundlePlace(path).path)
      guard try SHA256.hash(file: model) == modelHash else {
        throw damaged(model.split(separator: "/").last.map(String.init) ?? model)
      }
      return
    }
    guard let (digits, object) = BundleChecks.taken(from: manifest), digits == XXHash64.digits(of: object)
    else { throw damaged("task.json") }
    for (name, digits) in checksums.sorted(by: { $0.key < $1.key }) {
      guard try XXHash64.digits(file: place(of: name)) == digits else { throw damaged(name) }
    }
  }

  /// The names of the files that predictions depend on besides the model, sorted.
  var resources: [String] {
    (checksums ?? [:]).keys.filter { !BundlePlace.modelNames.contains($0) }.sorted()
  }

  /// The bytes of one of them.
  func resource(_ name: String) throws -> [UInt8] {
    guard let digits = checksums?[name], resources.contains(name) else {
      throw BundleError.damaged(path: path, reason: "it has no resource \"\(name)\"")
    }
    let bytes = try MappedFile(path: place(of: name)).withBytes { [UInt8]($0) }
    guard XXHash64.digits(of: bytes) == digits else { throw damaged(name) }
    return bytes
  }

  /// Where a file of the folder stands, and none of another one, whatever its name says.
  private func place(of name: String) throws(BundleError) -> String {
    guard BundlePlace.isName(name) else {
      throw .damaged(path: path + "/task.json", reason: "\"\(name)\" is no name of a file of a bundle")
    }
    return BundlePlace(path).path + "/" + name
  }

  private func damaged(_ file: String) -> BundleError {
    .damaged(
      path: "\(path)/\(file)",
      reason: "its bytes are not those that were written, by the checksums in task.json")
  }
}
