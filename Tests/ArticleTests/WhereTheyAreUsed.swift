import Foundation
import Recurrent
import RecurrentTestSupport
import Testing

@Test func whereTheyAreUsed() throws {
  try Printed.compare(with: "WhereTheyAreUsed") {
    // article: begin
    let key = RandomKey(seed: 1)
    let layer = RecurrentLayer(inputSize: 3, key: key) { GRU(inputSize: $0, hiddenSize: 5, key: $1) }
    let head = Linear(inputSize: 5, outputSize: 3, key: key.child(1))
    let x = Tensor(uniformIn: -1...1, shape: [7, 1, 3], key: key.child(2))  // seven steps of three numbers

    let (outputs, state) = layer(SequenceBatch(x))
    print("many to one:         ", head(state.cells[0]).shape)
    print("one for each step:   ", head(outputs).shape)

    // one to many: what comes out goes in at the next step
    var (input, own) = (Tensor(zeros: [1, 3]), layer.initialState(batch: 1))
    var written: [Tensor] = []
    for _ in 0..<4 {
      let (output, next) = layer.step(input, own)
      (input, own) = (head(output), next)
      written.append(input)
    }
    print("one to many:         ", written.map(\.shape))

    // one sequence to another: a second layer begins with the state that the first ends with
    let decoder = RecurrentLayer(inputSize: 3, key: key.child(3)) {
      GRU(inputSize: $0, hiddenSize: 5, key: $1)
    }
    let target = Tensor(uniformIn: -1...1, shape: [4, 1, 3], key: key.child(4))
    print("sequence to sequence:", head(decoder(SequenceBatch(target), state: state).outputs).shape)
    // article: end
  }
}

/// The article names every folder of examples, and only such as there are.
@Test func everyExampleIsNamed() throws {
  let folder = repositoryRoot + "/Examples"
  let folders = try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
    var isFolder: ObjCBool = false
    // Data are what the others read
    return FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
      && isFolder.boolValue && name != "Data"
  }
  let named = try Article("WhereTheyAreUsed").text.matches(of: #/`Examples\/([A-Za-z]+)`/#).map {
    String($0.output.1)
  }
  #expect(Set(named) == Set(folders), "\(Set(folders).symmetricDifference(named))")
}
