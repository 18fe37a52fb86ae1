import Testing

@testable import RecurrentCore

/// How many processors a process may use, from what the system says.
@Suite struct ProcessorsTests {
  /// A machine by its files.
  private struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let files: [String: String]
    let quota: Double?
  }

  private static let unifiedMount =
    "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
  private static let processorMount =
    "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"
    + "35 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset\n"

  private static func unified(_ group: String, _ limits: [String: String]) -> [String: String] {
    let files = limits.map { ("/sys/fs/cgroup\($0)/cpu.max", $1 + "\n") }
    return ["/proc/self/cgroup": "0::\(group)\n", "/proc/self/mountinfo": unifiedMount]
      .merging(files) { $1 }
  }

  private static func version1(_ group: String, _ limits: [String: (Int, Int)], mount: String? = nil)
    -> [String: String]
  {
    var files = [
      "/proc/self/cgroup": "5:cpuset:/\n4:cpu,cpuacct:\(group)\n0::/\n",
      "/proc/self/mountinfo": mount ?? processorMount,
    ]
    for (folder, (quota, period)) in limits {
      files["/sys/fs/cgroup/cpu,cpuacct\(folder)/cpu.cfs_quota_us"] = "\(quota)\n"
      files["/sys/fs/cgroup/cpu,cpuacct\(folder)/cpu.cfs_period_us"] = "\(period)\n"
    }
    return files
  }

  @Test(
    arguments: [
      Case(testDescription: "no groups", files: [:], quota: nil),
      Case(
        testDescription: "no limit", files: unified("/a/b", ["/a/b": "max 100000", "/a": "max 100000"]),
        quota: nil),
      Case(testDescription: "own limit", files: unified("/a/b", ["/a/b": "150000 100000"]), quota: 1.5),
      Case(
        testDescription: "the limit of a group around it",
        files: unified("/a/b/c", ["/a/b/c": "max 100000", "/a/b": "300000 100000", "/a": "50000 100000"]),
        quota: 0.5),
      Case(testDescription: "a namespace of its own", files: unified("/", ["": "200000 100000"]), quota: 2),
      Case(
        testDescription: "a path out of sight", files: unified("/../other", ["": "25000 50000"]), quota: 0.5),
      Case(testDescription: "nonsense", files: unified("/a", ["/a": "many"]), quota: nil),
      Case(testDescription: "zero", files: unified("/a", ["/a": "0 0"]), quota: nil),
      Case(
        testDescription: "version 1",
        files: version1("/x/y", ["/x/y": (-1, 100_000), "/x": (250_000, 100_000)]), quota: 2.5),
      Case(testDescription: "version 1, no limit", files: version1("/", ["": (-1, 100_000)]), quota: nil),
      Case(
        testDescription: "version 1, a container that sees its own group at the root",
        files: version1(
          "/docker/abc", ["": (100_000, 100_000), "/docker/abc": (700_000, 100_000)],
          mount: "32 31 0:29 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n"),
        quota: 1),
    ] as [Case])
  private func quotas(_ machine: Case) {
    #expect(ControlGroups { machine.files[$0] }.quota == machine.quota)
  }

  @Test func limits() {
    #expect(Processors.limited(affinity: 4, quota: nil) == 4)
    #expect(Processors.limited(affinity: 4, quota: 0.2) == 1)
    #expect(Processors.limited(affinity: 4, quota: 1.5) == 2)
    #expect(Processors.limited(affinity: 4, quota: 64) == 4)
    #expect(Processors.limited(affinity: 1, quota: 8) == 1)
    #expect(Processors.limited(affinity: 0, quota: 1e300) == 1)
  }

  /// A backend takes no more threads than there are processors, unless it is told exactly.
  @Test func backends() {
    let processors = Processors.count
    #expect(processors >= 1)
    if !Processors.isExceeded { #expect(CPUBackend(threadCount: processors + 7).threadCount == processors) }
    #expect(CPUBackend(threadCount: 1).threadCount == 1)
    #expect(CPUBackend(exactThreadCount: processors + 7).threadCount == processors + 7)
  }
}
