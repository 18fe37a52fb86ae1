/// The windows that a convolution or a pooling slides over pictures.
package struct PictureWindows {
  package let height, width: Int
  package let stride: Int
  /// Whether there are zeros around a picture, so that a stride of 1 keeps its size.
  package let isPadded: Bool

  /// Rows and columns that come out of pictures of `rows` x `columns`; 0 where a window does not fit.
  func outputSize(_ rows: Int, _ columns: Int) -> (rows: Int, columns: Int) {
    func count(_ extent: Int, _ window: Int) -> Int {
      let padded = isPadded ? extent + window - 1 : extent
      return padded < window ? 0 : (padded - window) / stride + 1
    }
    return (count(rows, height), count(columns, width))
  }

  /// The pixels of each window of each picture, row by row: `[N, H, W, C]` to `[N * H' * W', height * width, C]`.
  func callAsFunction(_ pictures: Tensor, beyond: Float = 0) -> Tensor {
    let (count, rows, columns) = (pictures.shape[0], pictures.shape[1], pictures.shape[2])
    let channels = pictures.shape[3]
    let (newRows, newColumns) = outputSize(rows, columns)
    let pixels = pictures.reshaped(to: [count * rows * columns, channels])
    let table = concatenate([pixels, pixels.backend.filled(beyond, shape: [1, channels])])
    return gather(table, rows: Indices(places(count, rows, columns)))
      .reshaped(to: [count * newRows * newColumns, height * width, channels])
  }

  /// For each window of each picture the pixels that it covers; the last row of the table beyond the edges.
  private func places(_ count: Int, _ rows: Int, _ columns: Int) -> [Int32] {
    let (newRows, newColumns) = outputSize(rows, columns)
    let (above, before) = isPadded ? ((height - 1) / 2, (width - 1) / 2) : (0, 0)
    var one: [Int32] = []
    for row in 0..<newRows {
      for column in 0..<newColumns {
        for y in row * stride - above..<row * stride - above + height {
          for x in column * stride - before..<column * stride - before + width {
            let isInside = (0..<rows).contains(y) && (0..<columns).contains(x)
            one.append(isInside ? Int32(y * columns + x) : -1)
          }
        }
      }
    }
    var places: [Int32] = []
    places.reserveCapacity(count * one.count)
    let (plane, beyond) = (Int32(rows * columns), Int32(count * rows * columns))
    for picture in 0..<Int32(count) {
      for place in one { places.append(place < 0 ? beyond : picture * plane + place) }
    }
    return places
  }
}
