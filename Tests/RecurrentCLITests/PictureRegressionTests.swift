import Foundation
import RecurrentTestSupport
import Testing

/// Numbers from pictures, through the executable.
@Suite struct PictureRegressionTests {
  /// Films of a bright square on a dark ground; the number is how far from the left the square stands.
  @Test func thePlaceOfASquare() throws {
    let run = try CommandLineRun()
    let (count, side) = (160, 12)
    let places = RandomKey(seed: 3).integers(2 * count, below: side - 3)
    var table = "file,x\n"
    for index in 0..<count {
      let (left, top) = (places[2 * index], places[2 * index + 1])
      let frames = (0..<1 + index % 3).map { step in
        (0..<side * side).map { pixel -> UInt8 in
          let (row, column) = (pixel / side, pixel % side)
          let isBright = (left..<left + 3).contains(column) && (top..<top + 3).contains(row)
          return isBright ? 120 : UInt8((7 * pixel + 5 * index + step) % 20)
        }
      }
      _ = try run.folder.file("\(index).gif", gifFile(width: side, height: side, frames: frames))
      table += "\(index).gif,\(left)\n"
    }
    try run.write("squares.csv", table)
    let trained = try run(
      "train", "regression", "squares.csv", "--target-column", "x", "-o", "x.bundle", "--epochs", "20",
      "--hidden", "16", "--json")
    #expect(trained.code == 0, "\(trained.errors)")
    // the picture encoder is there, and no convolution over flat frames
    let parameters = String(
      decoding: try run.bytes("x.bundle/model.safetensors").prefix(10_000), as: UTF8.self)
    #expect(
      parameters.contains("picture.convolution.0.weight") && parameters.contains("picture.output.weight"))
    #expect(run.text("x.bundle/task.json").contains("\"pictureHeight\""))
    let evaluated = try run("evaluate", "x.bundle", "squares.csv", "--json")
    let report = try JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any]
    let error = try #require(report?["rmse"] as? Double, "\(evaluated.output)")
    let values = (0..<count).map { Double(places[2 * $0]) }
    let mean = values.reduce(0, +) / Double(count)
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot()
    #expect(error < 0.3 * deviation, "\(error) of \(deviation)")
    let predictions = try run("predict", "x.bundle", "0.gif", "--format", "jsonl")
    #expect(predictions.code == 0 && predictions.output.contains("\"value\":"), "\(predictions.errors)")
  }
}
