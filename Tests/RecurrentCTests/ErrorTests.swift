import CRecurrent
import RecurrentTestSupport
import Testing

/// What is wrong becomes a code and a sentence, never a crash.
@Suite struct ErrorTests {
  private func failure<R>(_ body: (UnsafeMutablePointer<rec_error>) -> R) -> HeaderError? {
    do {
      _ = try checked(body)
      return nil
    } catch { return error as? HeaderError }
  }

  @Test func nullPointersAreRefused() throws {
    let opened = try OpenedLayers()
    let x: [Float] = [1, 2, 3]
    var (y, written) = ([Float](repeating: 0, count: 4), Int64(0))
    let errors = [
      failure { rec_open(nil, nil, $0) }, failure { rec_session_new(nil, 1, $0) },
      failure { rec_push(nil, x, 3, &y, 4, &written, $0) },
      failure { rec_predict(opened.model, nil, nil, $0) },
      failure { rec_apply(opened.model, 1, 1, nil, nil, nil, &y, nil, $0) }, failure { rec_forward(nil, $0) },
      failure { rec_backward(nil, $0) }, failure { rec_pack(nil, nil, nil, $0) },
      failure { rec_arrays_get(nil, 0, nil, $0) }, failure { rec_finish(nil, $0) },
      failure { rec_data_series(nil, 1, 1, 1, 1, "x", $0) },
    ]
    for error in errors {
      #expect(error?.code == Int32(REC_ARGUMENT))
      #expect(error?.description.hasSuffix("is a null pointer") == true)
    }
    #expect(rec_session_new(nil, 1, nil) == nil)
    #expect(rec_forward(nil, nil) == Int32(REC_ARGUMENT))
    rec_model_free(nil)
    rec_session_free(nil)
    rec_text_free(nil)
  }

  @Test func messagesAreThoseOfTheLibrary() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/none.bundle"
    var own = ""
    do { _ = try AnyModel(path: path) } catch { own = "\(error)" }
    let error = failure { rec_open(path, nil, $0) }
    #expect(!own.isEmpty && error?.description == own)
    #expect(error?.code == Int32(REC_FORMAT) || error?.code == Int32(REC_MODEL))
  }

  @Test func sizesAreChecked() throws {
    let opened = try OpenedLayers()
    let session = try opened.session()
    defer { rec_session_free(session) }
    var (y, written) = ([Float](repeating: 0, count: 8), Int64(0))
    let lengths: [Int64] = [3]
    let x = [Float](repeating: 0, count: 6)
    #expect(
      failure { rec_push(session, x, 2, &y, 8, &written, $0) }?.description
        == "count is 2, expected 3 numbers")
    #expect(
      failure { rec_push(session, x, 3, &y, 3, &written, $0) }?.description
        == "capacity is 3, expected at least 4")
    #expect(
      failure { rec_apply(opened.model, 2, 1, x, lengths, nil, &y, nil, $0) }?.description
        == "lengths[0] is 3, expected 0 to 2")
    #expect(failure { rec_apply(opened.model, 0, 1, x, nil, nil, &y, nil, $0) }?.code == Int32(REC_ARGUMENT))
    #expect(
      failure { rec_apply(opened.model, 1 << 40, 1 << 40, x, nil, nil, &y, nil, $0) }?.code
        == Int32(REC_ARGUMENT))
    #expect(failure { rec_plan_new(4, 3, nil, nil, 0, 1, 1, $0) }?.code == Int32(REC_ARGUMENT))
    #expect(failure { rec_engine_new(-1, $0) }?.code == Int32(REC_ARGUMENT))
    #expect(failure { rec_engine_new_openmp(0, $0) }?.code == Int32(REC_ARGUMENT))
    #expect(failure { rec_push_json(session, "[1]", $0) }?.code == Int32(REC_UNSUPPORTED))
  }

  @Test func cellsThatCannotBeAreRefused() throws {
    var weights = rec_weights()
    func pack(_ change: (inout rec_cell) -> Void) -> HeaderError? {
      var cell = rec_cell()
      cell.size = MemoryLayout<rec_cell>.size
      (cell.input, cell.hidden) = (2, 3)
      change(&cell)
      return failure { rec_pack(nil, &cell, &weights, $0) }
    }
    let changes: [(inout rec_cell) -> Void] = [
      { $0.size = 8 }, { $0.kind = 6 }, { $0.kind = -1 }, { $0.hidden = 0 }, { $0.input = 1 << 62 },
      {
        $0.kind = Int32(REC_GRU); $0.has_peepholes = 1
      }, { $0.cell_clip = .nan }, { $0.precision = 3 },
      {
        $0.precision = 1; $0.normalizes = 1
      }, { $0.activation = 11 }, { $0.projection = -1 }, { _ in },
    ]
    for change in changes { #expect(pack(change)?.code == Int32(REC_ARGUMENT)) }
  }

  @Test func longMessagesEndBetweenCharacters() throws {
    let name = String(repeating: "ä", count: 2_000)
    let error = try #require(failure { rec_data_json("{", name, $0) })
    #expect(error.code == Int32(REC_FORMAT))
    #expect(error.description.utf8.count < 1020 && error.description.utf8.count > 1000)
    #expect(!error.description.contains("\u{FFFD}"))
  }

  @Test func aSuccessClearsTheError() throws {
    var error = rec_error()
    _ = rec_open(nil, nil, &error)
    #expect(error.code != 0)
    let engine = rec_engine_new(1, &error)
    defer { rec_engine_free(engine) }
    #expect(HeaderError(error) == HeaderError(rec_error()))
    #expect(try taken(checked { rec_engine_name(engine, $0) }).hasSuffix("1 thread)"))
  }
}
