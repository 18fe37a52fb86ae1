/// The solution X of A X = B for a symmetric positive definite A, by its Cholesky decomposition A = U^T U.
///
/// - Parameters:
///   - a: `[size, size]`; its upper triangle is read, and is U behind.
///   - b: `[size, columns]`.
/// - Returns: `[size, columns]`; nil where A is not positive definite.
package func choleskySolution(_ a: inout [Double], _ b: [Double], size: Int, columns: Int) -> [Double]? {
  var x = b
  let isDefinite = a.withUnsafeMutableBufferPointer { a -> Bool in
    for k in 0..<size {
      let pivot = a[k * size + k]
      guard pivot > 0, pivot.isFinite else { return false }
      let root = pivot.squareRoot()
      for j in k..<size { a[k * size + j] /= root }
      for i in k + 1..<max(size, k + 1) {
        let factor = a[k * size + i]
        for j in i..<size { a[i * size + j] -= factor * a[k * size + j] }
      }
    }
    x.withUnsafeMutableBufferPointer { x in
      func subtract(_ factor: Double, row: Int, from target: Int) {
        for j in 0..<columns { x[target * columns + j] -= factor * x[row * columns + j] }
      }
      func divide(_ row: Int) {
        let pivot = a[row * size + row]
        for j in 0..<columns { x[row * columns + j] /= pivot }
      }
      for k in 0..<size {
        divide(k)
        for i in k + 1..<max(size, k + 1) { subtract(a[k * size + i], row: k, from: i) }
      }
      for k in (0..<size).reversed() {
        divide(k)
        for i in 0..<k { subtract(a[i * size + k], row: k, from: i) }
      }
    }
    return true
  }
  return isDefinite ? x : nil
}
