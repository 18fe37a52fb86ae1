import CRecurrent
import RecurrentTestSupport
import Testing

/// Sessions of layers: the bits of the whole, side by side, copied, saved, without memory.
@Suite struct SessionTests {
  private let x = Tensor(uniformIn: -1...1, shape: [6, 2, 3], key: RandomKey(seed: 6))

  @Test func streamsTheBitsOfTheWhole() throws {
    let opened = try OpenedLayers()
    let whole = opened.layer(SequenceBatch(x)).outputs
    let session = try opened.session(rows: 2)
    defer { rec_session_free(session) }
    for step in 0..<6 { #expect(try pushed(session, x[step].scalars, width: 8) == whole[step].scalars) }
    #expect(try taken(checked { rec_finish(session, $0) }) == "[]")
    #expect(try pushed(session, x[0].scalars, width: 8) == whole[0].scalars)
  }

  @Test func readsBatchesWithTheBitsOfTheLayers() throws {
    let opened = try OpenedLayers(isBidirectional: true)
    let (lengths, size) = ([6, 2] as [Int64], Int(rec_model_output_size(opened.model)))
    var y = [Float](repeating: .nan, count: 6 * 2 * size)
    var end = [Float](repeating: .nan, count: 2 * Int(rec_model_state_size(opened.model)))
    _ = try checked { rec_apply(opened.model, 6, 2, x.scalars, lengths, nil, &y, &end, $0) }
    let (outputs, state) = opened.layer(SequenceBatch(x, lengths: [6, 2]))
    #expect(size == 8 && rec_model_input_size(opened.model) == 3)
    #expect(y == outputs.scalars)
    #expect(end == state.cells.flatMap { $0.tensors.flatMap(\.scalars) })
  }

  @Test func goesOnFromAStateThatIsGiven() throws {
    let opened = try OpenedLayers()
    var end = [Float](repeating: 0, count: 2 * Int(rec_model_state_size(opened.model)))
    var y = [Float](repeating: 0, count: 6 * 2 * 4)
    let (head, tail) = (x.sliced(axis: 0, 0..<2).scalars, x.sliced(axis: 0, 2..<6).scalars)
    _ = try checked { rec_apply(opened.model, 2, 2, head, nil, nil, &y, &end, $0) }
    let state = end
    _ = try checked { rec_apply(opened.model, 4, 2, tail, nil, state, &y, &end, $0) }
    let whole = opened.layer(SequenceBatch(x)).outputs.scalars
    #expect(Array(y.prefix(4 * 8)) == Array(whole.dropFirst(2 * 8)))
  }

  @Test func aCopyGoesItsOwnWay() throws {
    let opened = try OpenedLayers()
    let session = try opened.session()
    defer { rec_session_free(session) }
    _ = try pushed(session, [1, 2, 3])
    let copy = try made { rec_session_copy(session, $0) }
    defer { rec_session_free(copy) }
    let other = try pushed(copy, [3, 2, 1])
    let own = try pushed(session, [0, 0, 0])
    #expect(own != other)
    let again = try opened.session()
    defer { rec_session_free(again) }
    _ = try pushed(again, [1, 2, 3])
    #expect(try pushed(again, [0, 0, 0]) == own)
  }

  @Test func goesOnFromAFile() throws {
    let opened = try OpenedLayers()
    let (session, later) = (try opened.session(), try opened.session())
    defer {
      rec_session_free(session)
      rec_session_free(later)
    }
    let path = opened.folder.path + "/state.safetensors"
    _ = try pushed(session, [1, 2, 3])
    _ = try checked { rec_session_save(session, path, $0) }
    _ = try checked { rec_session_load(later, path, $0) }
    #expect(try pushed(later, [0, 1, 0]) == pushed(session, [0, 1, 0]))
    let other = try OpenedLayers { AnyCell(LSTM(inputSize: $0, hiddenSize: 4, key: $1.child(9))) }
    let stranger = try other.session()
    defer { rec_session_free(stranger) }
    let error = #expect(throws: HeaderError.self) {
      try checked { rec_session_load(stranger, path, $0) }
    }
    #expect(error?.code == Int32(REC_MODEL) && error?.description.contains(path) == true)
  }

  @Test(.enabled(if: AllocationCount.isAvailable)) func asksForNoMemory() throws {
    let opened = try OpenedLayers()
    let session = try opened.session()
    defer { rec_session_free(session) }
    let x: [Float] = [1, 2, 3]
    var (y, written, error) = ([Float](repeating: 0, count: 4), Int64(0), rec_error())
    func step() { _ = rec_push(session, x, 3, &y, 4, &written, &error) }
    for _ in 0..<10 { step() }
    #expect(AllocationCount.during { for _ in 0..<100 { step() } } == 0)
    #expect(error.code == 0 && written == 4)
  }

  @Test func threadsTakeTurns() async throws {
    let opened = try OpenedLayers()
    let address = UInt(bitPattern: opened.model)
    let whole = opened.layer(SequenceBatch(x)).outputs.scalars
    let expected = [whole, whole, whole, whole]
    let results = await withTaskGroup(of: [Float].self) { group in
      for _ in 0..<4 {
        group.addTask {
          var y = [Float](repeating: 0, count: 6 * 2 * 4)
          for _ in 0..<20 {
            _ = rec_apply(OpaquePointer(bitPattern: address), 6, 2, x.scalars, nil, nil, &y, nil, nil)
          }
          return y
        }
      }
      return await group.reduce(into: [[Float]]()) { $0.append($1) }
    }
    #expect(results == expected)
    withExtendedLifetime(opened) {}
  }
}
