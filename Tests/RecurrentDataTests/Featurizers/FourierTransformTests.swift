import RecurrentTestSupport
import Testing

@testable import RecurrentData

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite struct FourierTransformTests {
  /// Against the sum that the transform stands for.
  @Test(arguments: [1, 2, 4, 8, 64])
  func power(_ count: Int) throws {
    let x = RandomKey(seed: 3).uniforms(count).map { Double($0) - 0.5 }
    let expected = (0...count / 2).map { k in
      var (real, imaginary) = (0.0, 0.0)
      for (n, value) in x.enumerated() {
        let angle = 2 * Double.pi * Double(k * n) / Double(count)
        real += value * cos(angle)
        imaginary -= value * sin(angle)
      }
      return real * real + imaginary * imaginary
    }
    try requireClose(
      FourierTransform(count: count).power(x), expected, relative: 1e-12, absolute: 1e-15, "\(count)")
  }

  @Test func otherLengthsTrap() async {
    await #expect(processExitsWith: .failure) { _ = FourierTransform(count: 12) }
    await #expect(processExitsWith: .failure) { _ = FourierTransform(count: 0) }
  }
}
