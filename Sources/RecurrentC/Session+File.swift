import CRecurrent
import Recurrent

extension Session {
  /// Writes the state to a file.
  ///
  /// - Throws: a format error.
  fileprivate func save(to path: String) throws {
    let hash = try model.hash
    let kept = withState { $0 }
    try model.engine.run {
      if let task = kept.task {
        try task.state.write(to: path, model: hash)
      } else if let layer = model.layer, let stepper = kept.stepper {
        try StateFile(model: hash, tensors: layer.named(stepper.state)).write(to: path)
      }
    }
  }

  /// Goes on from the state in a file; where that throws, the session is as it was.
  ///
  /// - Throws: ``InterchangeError`` or a format error.
  fileprivate func load(from path: String) throws {
    let hash = try model.hash
    try model.engine.run {
      if let layer = model.layer {
        let file = try StateFile(path: path, model: hash)
        try withState { state in
          guard let batch = state.stepper?.batchSize else { return }
          state.stepper?.state = try layer.state(from: file, batch: batch, path: path)
        }
      } else {
        let kept = try SessionState(path: path, model: hash)
        try withState { try $0.task?.restore(kept) }
      }
    }
  }
}

/// Writes a state: `rec_session_save` of the header.
@_cdecl("rec_session_save")
public func recSessionSave(
  _ session: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<rec_error>?
) -> Int32 {
  status(error) { try Handle.object(session, Session.self, "session").save(to: text(path, "path")) }
}

/// Reads a state: `rec_session_load` of the header.
@_cdecl("rec_session_load")
public func recSessionLoad(
  _ session: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<rec_error>?
) -> Int32 {
  status(error) { try Handle.object(session, Session.self, "session").load(from: text(path, "path")) }
}
