#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A program to be started, with the standard input, output and error and no other open file of this process.
///
/// The system hands every open file on that does not refuse. Sockets of a server do not, and a connection is open as long as anybody
/// has it: a client would wait for the end of a program that it knows nothing of.
package final class ProcessLaunch {
  #if canImport(Darwin)
  private var actions: posix_spawn_file_actions_t?
  private var attributes: posix_spawnattr_t?
  #else
  private var actions = posix_spawn_file_actions_t()
  private var attributes = posix_spawnattr_t()
  #endif
  private var flags: Int32 = 0
  /// Which of the standard ones are others than those of this process.
  private var replaced: Set<Int32> = []

  package init() {
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
  }

  deinit {
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
  }

  /// Gives it an open file as one of the standard ones.
  package func hand(_ descriptor: Int32, as standard: Int32) {
    posix_spawn_file_actions_adddup2(&actions, descriptor, standard)
    replaced.insert(standard)
  }

  /// Opens a file for it as one of the standard ones.
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - standard: 0, 1 or 2.
  ///   - mode: as `open` takes it; a file that is made is the user's own.
  package func open(_ path: String, as standard: Int32, mode: Int32) {
    posix_spawn_file_actions_addopen(&actions, standard, path, mode, 0o600)
    replaced.insert(standard)
  }

  /// Makes it the first of a group of processes, so that all that it starts can be ended with it.
  package func beginsGroup() { flags |= Int32(POSIX_SPAWN_SETPGROUP) }

  /// Lets it have the signals that this thread holds back.
  package func takesAllSignals() {
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    flags |= Int32(POSIX_SPAWN_SETSIGMASK)
  }

  /// Starts it, once.
  ///
  /// - Parameters:
  ///   - words: the program, looked for on the search path where its name has no slash, and its arguments.
  ///   - environment: by names; nil for that of this process.
  /// - Returns: the number of the process, or the error of the system.
  package func start(_ words: [String], environment: [String: String]? = nil) -> (id: pid_t, error: Int32) {
    #if canImport(Darwin)
    flags |= Int32(POSIX_SPAWN_CLOEXEC_DEFAULT)
    for standard in 0...2 as ClosedRange<Int32> where !replaced.contains(standard) {
      posix_spawn_file_actions_addinherit_np(&actions, standard)
    }
    #else
    // one that is closed meanwhile is no error; one that is opened meanwhile goes along
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    for descriptor in open.compactMap({ Int32($0) }) where descriptor > 2 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    #endif
    posix_spawnattr_setflags(&attributes, Int16(flags))
    let arguments = ProcessLaunch.copied(words)
    let variables = environment.map { own in ProcessLaunch.copied(own.map { "\($0.key)=\($0.value)" }) }
    defer { for text in arguments + (variables ?? []) { free(text) } }
    var id: pid_t = 0
    guard let variables else {
      // as they are: they need not be UTF-8
      let error = posix_spawnp(&id, words[0], &actions, &attributes, arguments, environ)
      return (id, error)
    }
    let error = posix_spawnp(&id, words[0], &actions, &attributes, arguments, variables)
    return (id, error)
  }

  /// Texts as the system takes them, with their end; to be freed.
  private static func copied(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    texts.map { strdup($0) } + [nil]
  }
}
