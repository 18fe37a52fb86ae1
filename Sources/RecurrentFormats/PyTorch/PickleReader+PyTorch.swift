extension PickleReader {
  /// What a call of PyTorch gives: a dict, a tensor, extents or a device.
  ///
  /// - Throws: ``FormatError`` for anything else, which is never called.
  mutating func torchValue(
    _ global: PickleGlobal, _ arguments: [PickleValue]
  ) throws(FormatError) -> PickleValue {
    switch (global.module, global.name) {
    case ("collections", "OrderedDict"), ("collections", "defaultdict"): return emptyDictionary()
    case ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor_v3"):
      return .tensor(try tensor(arguments))
    case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
      guard case .tensor(let tensor)? = arguments.first else {
        throw mismatch("a tensor for a parameter", arguments.first?.kind ?? "nothing")
      }
      return .tensor(tensor)
    case ("torch", "Size"):
      guard let extents = arguments.first else { throw mismatch("extents of a torch.Size", "none") }
      return extents
    case ("torch", "device"): return arguments.first ?? .none
    default: throw refused("\(global)")
    }
  }

  /// `('storage', type, key, device, count)`, before PyTorch 1.6 with the part of another storage that it shows.
  func storage(_ identity: PickleValue) throws(FormatError) -> TorchStorage {
    guard let parts = pickle.tuple(identity), parts.count == 5 || parts.count == 6,
      parts[0].string == "storage", case .global(let type) = parts[1], let key = parts[2].string,
      let count = parts[4].int, count >= 0
    else { throw mismatch("the description of a storage", identity.kind) }
    if parts.count == 6 {
      guard case .none = parts[5] else { throw refused("a storage that is a part of another one") }
    }
    if type == PickleGlobal("torch.storage", "UntypedStorage") {
      return TorchStorage(key: key, elementType: nil, count: count)
    }
    guard let elementType = PickleReader.storageTypes[type] else {
      throw refused("storages of the type \(type)")
    }
    return TorchStorage(key: key, elementType: elementType, count: count)
  }

  private func tensor(_ arguments: [PickleValue]) throws(FormatError) -> TorchTensor {
    guard arguments.count >= 4, case .storage(var storage) = arguments[0], let offset = arguments[1].int,
      let shape = pickle.ints(arguments[2]), let strides = pickle.ints(arguments[3]),
      shape.count == strides.count
    else { throw mismatch("a storage, an offset, extents and strides", "other arguments of a tensor") }
    if storage.elementType == nil {
      guard arguments.count >= 7, case .global(let name) = arguments[6],
        let type = PickleReader.elementTypes[name]
      else { throw mismatch("the type of an untyped storage", "none that is known") }
      storage = TorchStorage(key: storage.key, elementType: type, count: storage.count / type.byteCount)
    }
    return TorchTensor(storage: storage, offset: offset, shape: shape, strides: strides)
  }

  private static let storageTypes: [PickleGlobal: ElementType] = Dictionary(
    uniqueKeysWithValues: [
      ("Float", ElementType.f32), ("Double", .f64), ("Half", .f16), ("BFloat16", .bf16), ("Long", .i64),
      ("Int", .i32), ("Short", .i16), ("Char", .i8), ("Byte", .u8), ("Bool", .bool),
    ].map { (PickleGlobal("torch", $0.0 + "Storage"), $0.1) })

  private static let elementTypes: [PickleGlobal: ElementType] = Dictionary(
    uniqueKeysWithValues: [
      ("float32", ElementType.f32), ("float64", .f64), ("float16", .f16), ("bfloat16", .bf16),
      ("int64", .i64),
      ("int32", .i32), ("int16", .i16), ("int8", .i8), ("uint8", .u8), ("bool", .bool), ("uint16", .u16),
      ("uint32", .u32), ("uint64", .u64), ("float8_e4m3fn", .f8E4M3), ("float8_e5m2", .f8E5M2),
    ].map { (PickleGlobal("torch", $0.0), $0.1) })
}
