extension FormatError: CustomStringConvertible {
  /// One sentence that says what is wrong, where, and what to do.
  public var description: String { text.onOneLine }

  private var text: String {
    switch self {
    case .cannotRead, .cannotWrite, .folderNotWritable: fileDescription
    case .truncated, .headerTooLong, .trailingBytes: lengthDescription
    case .unexpected, .unsupported, .checksumMismatch, .damaged: contentDescription
    case .invalidUTF8, .invalidJSON, .duplicateKey, .missingField, .unexpectedField, .unknownDataType:
      headerDescription
    case .invalidShape, .byteCountMismatch, .offsetsOutOfRange, .overlappingTensors, .unusedBytes:
      layoutDescription
    case .unknownTensor, .unsupportedConversion, .valueOutOfRange, .duplicateName, .reservedName:
      requestDescription
    }
  }

  private var fileDescription: String {
    switch self {
    case .cannotRead(let path, let cause): "\(path): cannot be read: \(cause)"
    case .cannotWrite(let path, let cause): "\(path): cannot be written: \(cause)"
    case .folderNotWritable(let path, let cause): "\(path): no file can be created in this folder: \(cause)"
    default: ""
    }
  }

  private var lengthDescription: String {
    switch self {
    case .truncated(let path, let offset, let needed, let found):
      "\(path): truncated: \(needed) bytes are needed at byte \(offset), \(found) are there; "
        + "copy or download the file again"
    case .headerTooLong(let path, let found, let limit):
      "\(path): the header claims \(found) bytes, the format allows \(limit); "
        + "check that this is a safetensors file"
    case .trailingBytes(let path, let offset, let count):
      "\(path): \(count) bytes from byte \(offset) on belong to no tensor; write the file again"
    default: ""
    }
  }

  private var contentDescription: String {
    switch self {
    case .unexpected(let path, let offset, let what, let expected, let found):
      "\(path): \(what) at byte \(offset): expected \(expected), found \(found)"
    case .unsupported(let path, let what, let remedy): "\(path): \(what); \(remedy)"
    case .damaged(let path):
      "\(path): is damaged: its bytes are not those that were written, by its checksum; restore it from a copy"
    case .checksumMismatch(let path, let name, let expected, let found):
      "\(path): the part \"\(name)\" has the checksum \(hexadecimal(found)), the file says \(hexadecimal(expected)); "
        + "copy or download the file again"
    default: ""
    }
  }

  private var headerDescription: String {
    switch self {
    case .invalidUTF8(let path, let offset, let byte):
      "\(path): byte \(offset) (0x\(hexadecimal(byte))) is not valid UTF-8; write the file again as UTF-8"
    case .invalidJSON(let path, let offset, let expected, let found):
      "\(path): the JSON needs \(expected) at byte \(offset), found \(found); write the file again"
    case .duplicateKey(let path, let offset, let key):
      "\(path): the key \"\(key)\" occurs a second time at byte \(offset); keep one of the two"
    case .missingField(let path, let offset, let name, let field):
      "\(path): the description of tensor \"\(name)\" ends at byte \(offset) without \"\(field)\"; "
        + "write the file again"
    case .unexpectedField(let path, let offset, let name, let field):
      "\(path): the description of tensor \"\(name)\" has the unknown field \"\(field)\" at byte \(offset); "
        + "only dtype, shape and data_offsets may stand there"
    case .unknownDataType(let path, let name, let found):
      "\(path): tensor \"\(name)\" has the type \"\(found)\", known are "
        + ElementType.allCases.map(\.rawValue).joined(separator: ", ")
        + "; convert the tensor to one of these"
    default: ""
    }
  }

  private var layoutDescription: String {
    switch self {
    case .invalidShape(let path, let name, let problem):
      "\(path): the shape of tensor \"\(name)\" is impossible: \(problem); write the file again"
    case .byteCountMismatch(let path, let name, let expected, let found):
      "\(path): tensor \"\(name)\" needs \(expected) bytes by its shape and type, it has \(found); "
        + "make the two agree"
    case .offsetsOutOfRange(let path, let name, let begin, let end, let dataCount):
      "\(path): tensor \"\(name)\" claims bytes \(begin) to \(end) of a data section of \(dataCount); "
        + "copy or download the file again"
    case .overlappingTensors(let path, let name, let expected, let found):
      "\(path): tensor \"\(name)\" begins at data byte \(found), inside the one that ends at \(expected); "
        + "write the file again"
    case .unusedBytes(let path, let name, let expected, let found):
      "\(path): tensor \"\(name)\" begins at data byte \(found) where \(expected) is expected, "
        + "the bytes between belong to no tensor; write the file again"
    default: ""
    }
  }

  private var requestDescription: String {
    switch self {
    case .unknownTensor(let path, let name, let available):
      "\(path): there is no tensor \"\(name)\"; there are "
        + (available.isEmpty ? "none" : available.prefix(20).joined(separator: ", "))
        + (available.count > 20 ? " and \(available.count - 20) more" : "")
    case .unsupportedConversion(let path, let name, let expected, let found):
      "\(path): tensor \"\(name)\" has the type \(found.rawValue), needed is one of "
        + expected.map(\.rawValue).joined(separator: ", ") + "; convert it first"
    case .valueOutOfRange(let path, let name, let index, let value):
      "\(path): element \(index) of tensor \"\(name)\" is \(value), more than a signed 64-bit integer holds; "
        + "read the bytes instead"
    case .duplicateName(let path, let name):
      "\(path): two tensors are called \"\(name)\"; rename one"
    case .reservedName(let path, let name):
      "\(path): \"\(name)\" is reserved by the format; rename the tensor"
    default: ""
    }
  }

  private func hexadecimal(_ number: some FixedWidthInteger) -> String {
    let digits = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: number.bitWidth / 4 - digits.count) + digits
  }
}
