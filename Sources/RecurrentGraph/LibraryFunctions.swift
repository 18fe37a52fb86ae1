#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The functions of the C library whose names those of tensors hide.
extension Double {
  static func exp(_ x: Double) -> Double { expOfLibrary(x) }
  static func log(_ x: Double) -> Double { logOfLibrary(x) }
  static func tanh(_ x: Double) -> Double { tanhOfLibrary(x) }
}

private let expOfLibrary: @Sendable (Double) -> Double = { exp($0) }
private let logOfLibrary: @Sendable (Double) -> Double = { log($0) }
private let tanhOfLibrary: @Sendable (Double) -> Double = { tanh($0) }
