#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Two files or folders that take each other's place in one step.
public enum FolderExchange {
  /// Exchanges what stands at the two paths, which must be on one file system, so that at no moment one of them is empty.
  ///
  /// - Returns: false where the system or the file system cannot do this, or something is missing; nothing has changed then.
  public static func exchange(_ first: String, _ second: String) -> Bool {
    #if os(Linux)
    // neither Glibc's nor Musl's module shows it
    typealias Rename =
      @convention(c) (CInt, UnsafePointer<CChar>, CInt, UnsafePointer<CChar>, CUnsignedInt) -> CInt
    guard let symbol = dlsym(nil, "renameat2") else { return false }
    let exchangeFlag: CUnsignedInt = 2
    return unsafeBitCast(symbol, to: Rename.self)(AT_FDCWD, first, AT_FDCWD, second, exchangeFlag) == 0
    #else
    return renamex_np(first, second, UInt32(RENAME_SWAP)) == 0
    #endif
  }
}
