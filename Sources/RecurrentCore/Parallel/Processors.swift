import CRecurrentKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How many processors this process may use.
package enum Processors {
  /// Those of the affinity mask, at most as many as the quota of the control groups pays for; at least one.
  package static var count: Int {
    limited(affinity: Int(rk_processor_count()), quota: ControlGroups { read($0) }.quota)
  }

  /// A quota of a part of a processor counts as one.
  static func limited(affinity: Int, quota: Double?) -> Int {
    let paid = quota.map { Int(min($0.rounded(.up), 1e9)) } ?? affinity
    return max(1, min(affinity, paid))
  }

  /// Whether the environment asks for as many threads as are named, however few processors there are.
  package static var isExceeded: Bool {
    getenv("RECURRENT_EXACT_THREADS").map { String(cString: $0) } == "1"
  }

  /// A small text file of the system; nil when it cannot be read.
  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4096)
    while bytes.count < 1 << 20 {
      let count = fread(&part, 1, part.count, file)
      if count == 0 { break }
      bytes += part[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The control groups that this process is in, of both versions of Linux; elsewhere there are none.
struct ControlGroups {
  /// Reads a file; nil when there is none.
  let read: (String) -> String?

  /// Processors that the process and those in its groups may use together; nil when nothing limits them. The least of its
  /// group and all those around it.
  var quota: Double? {
    guard let groups = read("/proc/self/cgroup"), let mounts = read("/proc/self/mountinfo") else {
      return nil
    }
    return places(groups: groups, mounts: mounts).compactMap { place in
      place.folders.compactMap { quota(in: $0, isUnified: place.isUnified) }.min()
    }.min()
  }

  private struct Place {
    let isUnified: Bool
    /// The group's own first, the outermost that can be seen last.
    let folders: [String]
  }

  /// Where the groups that may limit processors are in the file system.
  private func places(groups: String, mounts: String) -> [Place] {
    let mounts = mounts.split(separator: "\n").compactMap(Mount.init)
    return groups.split(separator: "\n").compactMap { line in
      // 4:cpu,cpuacct:/a/b or 0::/a/b
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil }
      let isUnified = parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains("cpu") else { return nil }
      let path = String(parts[2])
      guard let mount = mounts.last(where: { isUnified ? $0.isUnified : $0.hasProcessors }) else {
        return nil
      }
      return Place(isUnified: isUnified, folders: mount.folders(of: path))
    }
  }

  private func quota(in folder: String, isUnified: Bool) -> Double? {
    func numbers(_ name: String) -> [Double?] {
      (read(folder + "/" + name) ?? "").split(whereSeparator: \.isWhitespace).map { Double($0) }
    }
    // "max 100000" or "150000 100000"; "-1" and "100000"
    let words =
      isUnified ? numbers("cpu.max") : numbers("cpu.cfs_quota_us") + numbers("cpu.cfs_period_us")
    guard words.count == 2, let time = words[0], let period = words[1], time > 0, period > 0 else {
      return nil
    }
    return time / period
  }

  /// A line of /proc/self/mountinfo about a hierarchy of groups.
  private struct Mount {
    /// The group that stands at `folder`.
    let root: String
    let folder: String
    let isUnified: Bool
    let hasProcessors: Bool

    init?(_ line: Substring) {
      // 30 23 0:26 /docker/a /sys/fs/cgroup/cpu,cpuacct rw,nosuid master:11 - cgroup cgroup rw,cpu,cpuacct
      let words = line.split(separator: " ")
      guard words.count > 5, let dash = words.firstIndex(of: "-"), dash > 5, dash + 1 < words.count else {
        return nil
      }
      let options = words.count > dash + 3 ? words[dash + 3].split(separator: ",") : []
      isUnified = words[dash + 1] == "cgroup2"
      hasProcessors = words[dash + 1] == "cgroup" && options.contains("cpu")
      guard isUnified || hasProcessors else { return nil }
      root = String(words[3])
      folder = String(words[4])
    }

    /// The folders of a group and of those around it; a container may see only its own, under another name.
    func folders(of group: String) -> [String] {
      var rest = group
      if root != "/" {
        let isInside = group == root || group.hasPrefix(root + "/")
        rest = isInside ? String(group.dropFirst(root.count)) : ""
      }
      var names = rest.split(separator: "/")
      if names.contains("..") { names = [] }
      var result: [String] = []
      while !names.isEmpty {
        result.append(folder + "/" + names.joined(separator: "/"))
        names.removeLast()
      }
      return result + [folder]
    }
  }
}
