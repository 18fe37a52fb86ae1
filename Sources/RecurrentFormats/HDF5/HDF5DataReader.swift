/// Puts the content of a data set together.
struct HDF5DataReader {
  private let source: HDF5Source
  private let data: HDF5DataSet
  private let name: String
  /// Bytes of an element.
  private let size: Int

  init(_ source: HDF5Source, _ data: HDF5DataSet, name: String, size: Int) {
    (self.source, self.data, self.name, self.size) = (source, data, name, size)
  }

  /// The bytes of all elements, row by row; those of one piece where they are.
  ///
  /// - Parameter file: of which the source is the whole.
  /// - Throws: ``FormatError``.
  func content(of file: FileBytes) throws(FormatError) -> FileBytes {
    let count = try byteCount()
    switch data.layout {
    case .compact(let bytes):
      guard bytes.count >= count else { throw mismatch(count, bytes.count) }
      return FileBytes(Array(bytes.prefix(count)))
    case .contiguous(let address?):
      guard count > 0 else { return FileBytes([UInt8]()) }
      // one that begins or ends beyond the file
      _ = try source.part(at: address, count: count)
      let start = address + source.sizes.base
      return file.part(start..<start + count)
    case .contiguous(nil): return FileBytes(try filled(count))
    case .chunked(let chunk, let index): return FileBytes(try chunks(chunk, index, count))
    }
  }

  private func mismatch(_ expected: Int, _ found: Int) -> FormatError {
    .byteCountMismatch(path: source.path, name: name, expected: expected, found: found)
  }

  /// The bytes of all elements, which a file of its size may become.
  private func byteCount() throws(FormatError) -> Int {
    var product = size
    for extent in data.shape where extent != 0 {
      let (next, overflows) = product.multipliedReportingOverflow(by: extent)
      guard !overflows, extent > 0 else {
        throw .invalidShape(
          path: source.path, name: name, problem: "\(data.shape) has more elements than can be")
      }
      product = next
    }
    if data.shape.contains(0) { return 0 }
    guard product <= ExpansionLimit.bytes(of: source.bytes.count) else {
      throw .unsupported(
        path: source.path,
        what: "\"\(name)\" would take \(product) bytes, more than a file of its size may become",
        remedy: ExpansionLimit.remedy)
    }
    return product
  }

  /// So many bytes of elements that were not written.
  private func filled(_ count: Int) throws(FormatError) -> [UInt8] {
    guard data.fill.count == size, data.fill.contains(where: { $0 != 0 }) else {
      return [UInt8](repeating: 0, count: count)
    }
    return (0..<count).map { data.fill[$0 % size] }
  }

  private func chunks(
    _ chunk: [Int], _ index: HDF5ChunkIndex, _ count: Int
  ) throws(FormatError) -> [UInt8] {
    let shape = data.shape
    let limit = ExpansionLimit.bytes(of: source.bytes.count)
    let plain = chunk.reduce(size) { $0 > limit || $1 > limit ? Int.max / 2 : min($0 * $1, Int.max / 2) }
    guard chunk.count == shape.count, chunk.allSatisfy({ $0 > 0 }), plain <= limit else {
      throw .invalidShape(
        path: source.path, name: name, problem: "chunks of \(chunk) do not make up \(shape)")
    }
    var result = try filled(count)
    guard count > 0 else { return result }
    let counts = zip(shape, chunk).map { ($0 + $1 - 1) / $1 }
    var list = HDF5ChunkList(
      source, counts: counts, limits: data.limits, chunk: chunk, plainSize: plain,
      isFiltered: !data.filters.isEmpty)
    var budget = limit
    for own in try list.chunks(index) where zip(own.place, counts).allSatisfy({ $0 < $1 }) {
      // a file may name one chunk many times
      budget -= plain
      guard budget >= -plain else {
        throw source.unexpected("chunks", "each once", "more than fit into \"\(name)\"")
      }
      let bytes = try unfiltered(own, plain)
      copy(bytes, own.place, chunk, to: &result)
    }
    return result
  }

  /// The bytes of a chunk as they were before the filters.
  private func unfiltered(_ chunk: HDF5Chunk, _ plain: Int) throws(FormatError) -> [UInt8] {
    var bytes = Array(try source.part(at: chunk.address, count: chunk.size))
    for (place, filter) in data.filters.enumerated().reversed() where chunk.mask >> min(place, 62) & 1 == 0 {
      switch filter {
      case .deflate:
        // a checksum that comes off behind is among what was compressed
        let checked = data.filters[..<place].contains(.fletcher32) ? 4 : 0
        bytes = try ZlibStream.decompress(bytes, count: plain + checked, path: source.path)
      case .shuffle: bytes = unshuffled(bytes)
      case .fletcher32:
        guard bytes.count >= 4 else { throw mismatch(plain + 4, bytes.count) }
        bytes.removeLast(4)
      }
    }
    guard bytes.count >= plain else { throw mismatch(plain, bytes.count) }
    return bytes
  }

  /// Bytes that stood apart by their place in an element, element by element.
  private func unshuffled(_ bytes: [UInt8]) -> [UInt8] {
    let count = bytes.count / max(size, 1)
    guard size > 1, count > 1 else { return bytes }
    var result = bytes
    for byte in 0..<size {
      for element in 0..<count { result[element * size + byte] = bytes[byte * count + element] }
    }
    return result
  }

  /// Copies the part of a chunk that is within the data set.
  private func copy(_ bytes: [UInt8], _ place: [Int], _ chunk: [Int], to result: inout [UInt8]) {
    let shape = data.shape
    let rank = shape.count
    guard rank > 0 else {
      for index in 0..<size { result[index] = bytes[index] }
      return
    }
    let extents = (0..<rank).map { min(chunk[$0], shape[$0] - place[$0] * chunk[$0]) }
    let (from, to) = (StoredArray.rowMajorStrides(chunk), StoredArray.rowMajorStrides(shape))
    let row = extents[rank - 1] * size
    var index = [Int](repeating: 0, count: rank)
    while true {
      var (source, target) = (0, place[rank - 1] * chunk[rank - 1])
      for axis in 0..<rank - 1 {
        source += index[axis] * from[axis]
        target += (place[axis] * chunk[axis] + index[axis]) * to[axis]
      }
      for byte in 0..<row { result[target * size + byte] = bytes[source * size + byte] }
      var axis = rank - 2
      while axis >= 0 {
        index[axis] += 1
        if index[axis] < extents[axis] { break }
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
