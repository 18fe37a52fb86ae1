/// Writes NumPy's files.
public enum NPYWriter {
  /// Writes one array to the `.npy` file at `path`, atomically.
  ///
  /// - Throws: ``FormatError``; a previous file at `path` is unchanged then.
  public static func write(_ entry: ArrayEntry, to path: String) throws(FormatError) {
    let header = try NPYHeader.bytes(entry.dataType, shape: entry.shape, path: path)
    try AtomicFile.write(to: path) { (writer) throws(FormatError) in
      try writer.write(header)
      let start = writer.byteCount
      try entry.stream { (bytes) throws(FormatError) in try writer.write(bytes) }
      try entry.check(found: writer.byteCount - start, path: path)
    }
  }

  /// Writes arrays to the `.npz` file at `path`, atomically and without compression, in the given order. The bytes depend
  /// on the arrays alone.
  ///
  /// - Throws: ``FormatError``; a previous file at `path` is unchanged then.
  public static func write(_ entries: [ArrayEntry], to path: String) throws(FormatError) {
    var parts: [ZipWriter.Part] = []
    for entry in entries {
      let header = try NPYHeader.bytes(entry.dataType, shape: entry.shape, path: path)
      parts.append(
        ZipWriter.Part(name: entry.name + ".npy") { (sink) throws(FormatError) in
          try header.withUnsafeBufferPointer { (bytes) throws(FormatError) in
            try sink(UnsafeRawBufferPointer(bytes))
          }
          var count = 0
          try entry.stream { (bytes) throws(FormatError) in
            count += bytes.count
            try sink(bytes)
          }
          try entry.check(found: count, path: path)
        })
    }
    try ZipWriter.write(parts, to: path)
  }
}
