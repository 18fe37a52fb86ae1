import Recurrent

// A request is a line: the name of a session, then the numbers of one step. The answer is a line of numbers.
//
//     $ swift run -c release SessionServerExample lstm.pt
//     anna 0.5 -1 2
//     0.0613 -0.2201
guard CommandLine.arguments.count == 2 else { fatalError("usage: SessionServerExample MODEL") }
let server = try SessionServer(model: CommandLine.arguments[1])
while let line = readLine() {
  let words = line.split(separator: " ")
  guard let session = words.first else { continue }
  do {
    let output = try await server.answer(words.dropFirst().compactMap { Float($0) }, in: String(session))
    print(output.map { "\($0)" }.joined(separator: " "))
  } catch {
    print("error: \(error)")
  }
}
