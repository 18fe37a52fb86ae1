/// Makes pictures smaller: each square of pixels becomes one.
public enum PicturePooling: String, Sendable, Codable, CaseIterable {
  /// The mean of each feature.
  case mean
  /// The largest value of each feature.
  case max

  /// Pictures `[N, H, W, C]` to `[N, H / size, W / size, C]`, what is left at the right and below left out.
  public func callAsFunction(_ pictures: Tensor, size: Int = 2) -> Tensor {
    trapUnless(
      pictures.rank == 4 && size >= 1 && pictures.shape[1] >= size && pictures.shape[2] >= size,
      "PicturePooling: expected pictures [N, H, W, C] of at least \(size) x \(size), received shape \(pictures.shape)"
    )
    let windows = PictureWindows(height: size, width: size, stride: size, isPadded: false)
    let (rows, columns) = windows.outputSize(pictures.shape[1], pictures.shape[2])
    let own = windows(pictures)
    let pooled: Tensor
    switch self {
    case .mean: pooled = own.sum(axis: 1) * (1 / Float(size * size))
    case .max: pooled = own.max(axis: 1)
    }
    return pooled.reshaped(to: [pictures.shape[0], rows, columns, pictures.shape[3]])
  }
}
