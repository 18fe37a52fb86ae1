/// Sequences of tokens that share their prefixes: an arena of nodes, each a token after another one. A hypothesis is the
/// number of its last node.
///
/// Nodes never change, and a node is newer than the one before it. Where a token ends is known when the next one begins, so it
/// stands there.
public struct HypothesisTree: Sendable, Equatable {
  /// A token of a sequence.
  public struct Node: Sendable, Equatable {
    /// The node before; that of the root itself for the root.
    public var parent: Int32
    /// The number of the token.
    public var token: Int32
    /// When the token begins, in steps or frames.
    public var time: Int
    /// When the token before ended.
    public var previousEnd: Int
    /// The score that the token was given.
    public var score: Float
  }

  /// The empty hypothesis.
  public static let root: Int32 = 0

  /// The nodes, the root first.
  public private(set) var nodes: [Node]

  /// A tree of the empty hypothesis.
  public init() { nodes = [Node(parent: 0, token: -1, time: -1, previousEnd: -1, score: 0)] }

  /// Nodes that were kept; nil where one does not follow an older one.
  init?(_ nodes: [Node]) {
    guard nodes.count < Int(Int32.max), nodes.first?.parent == 0 else { return nil }
    for (index, node) in nodes.enumerated().dropFirst()
    where node.parent < 0 || Int(node.parent) >= index || node.previousEnd >= node.time { return nil }
    self.nodes = nodes
  }

  /// The number of nodes.
  public var count: Int { nodes.count }

  /// Makes room for so many nodes.
  mutating func reserve(_ count: Int) { nodes.reserveCapacity(count) }

  /// The node of a hypothesis. Traps where there is none.
  public subscript(_ hypothesis: Int32) -> Node { nodes[Int(hypothesis)] }

  /// Extends a hypothesis by a token.
  ///
  /// - Returns: the longer hypothesis.
  public mutating func append(
    _ token: Int32, to hypothesis: Int32, time: Int, previousEnd: Int, score: Float
  ) -> Int32 {
    nodes.append(
      Node(parent: hypothesis, token: token, time: time, previousEnd: previousEnd, score: score))
    return Int32(nodes.count - 1)
  }

  /// The nodes of a hypothesis after the root, the first first.
  public func path(to hypothesis: Int32) -> [Int32] {
    var (path, node) = ([Int32](), hypothesis)
    while node != Self.root {
      path.append(node)
      node = self[node].parent
    }
    return path.reversed()
  }

  /// The tokens of a hypothesis.
  public func tokens(of hypothesis: Int32) -> [Int32] { path(to: hypothesis).map { self[$0].token } }

  /// Whether a hypothesis is another one or begins with it.
  public func hypothesis(_ hypothesis: Int32, hasPrefix prefix: Int32) -> Bool {
    var node = hypothesis
    while node > prefix { node = self[node].parent }
    return node == prefix
  }

  /// The longest hypothesis that two begin with.
  public func commonPrefix(_ a: Int32, _ b: Int32) -> Int32 {
    var (a, b) = (a, b)
    while a != b {
      if a > b { a = self[a].parent } else { b = self[b].parent }
    }
    return a
  }

  /// Drops everything that no longer matters: `root` becomes the root, and only what leads from it to some hypotheses stays.
  ///
  /// - Parameters:
  ///   - root: a hypothesis that all others begin with.
  ///   - visit: hands all hypotheses to a function, which replaces each by its new number. It is called twice.
  public mutating func compact(root: Int32, _ visit: ((inout Int32) -> Void) -> Void) {
    var places = [Int32](repeating: -1, count: nodes.count)
    places[Int(root)] = 0
    visit { hypothesis in
      var node = hypothesis
      while places[Int(node)] < 0 {
        places[Int(node)] = 0
        node = self[node].parent
      }
    }
    var kept: Int32 = 0
    for old in Int(root)..<nodes.count where places[old] == 0 {
      places[old] = kept
      var node = nodes[old]
      node.parent = old == Int(root) ? 0 : places[Int(node.parent)]
      nodes[Int(kept)] = node
      kept += 1
    }
    nodes.removeLast(nodes.count - Int(kept))
    visit { $0 = places[Int($0)] }
  }
}
