import Synchronization

extension ThreadPool {
  /// A pool whose regions have as many members as are asked for, whatever the processors do meanwhile: a comparison of
  /// teams of different sizes would otherwise compare a smaller one with itself.
  package convenience init(exactThreadCount: Int) {
    self.init(threadCount: exactThreadCount)
    fixedTeamSize.store(exactThreadCount, ordering: .relaxed)
  }
}
