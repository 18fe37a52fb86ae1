extension ServingCore {
  /// Whether the next turn will be short and wait for no disk: some steps of sessions in memory, as long as steps took before.
  ///
  /// - Parameter seconds: what is short.
  func isShort(within seconds: Double) -> Bool {
    guard isIdle, let secondsPerStep, Double(inbox.steps) * secondsPerStep <= seconds else { return false }
    return inbox.allSatisfy { request in
      switch request.action {
      case .push, .infer: sessionKey(request.action).flatMap { store[$0] }.map { $0.slot != nil } ?? true
      default: false
      }
    }
  }
}
