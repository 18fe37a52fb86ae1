/// An object of the library as programs in C hold it.
enum Handle {
  /// A pointer that keeps the object.
  static func retained(_ object: some AnyObject) -> OpaquePointer {
    OpaquePointer(Unmanaged.passRetained(object).toOpaque())
  }

  /// The object of a pointer.
  ///
  /// - Throws: ``CallError`` where it is null.
  static func object<Object: AnyObject>(
    _ pointer: OpaquePointer?, _ type: Object.Type, _ name: String
  ) throws -> Object {
    Unmanaged<Object>.fromOpaque(UnsafeRawPointer(try required(pointer, name))).takeUnretainedValue()
  }

  /// Gives the object of a pointer up; nothing where it is null.
  static func release<Object: AnyObject>(_ pointer: OpaquePointer?, _ type: Object.Type) {
    if let pointer { Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).release() }
  }
}
