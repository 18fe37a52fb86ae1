/// States at the ends of beginnings of texts, so that a text with such a beginning is not read again: a tree of tokens in blocks of
/// one size, bounded in memory, that forgets what was not asked for longest.
///
/// A state is what a session is behind its tokens, whoever has read them, and tokens are compared, not digests of them: who goes on from
/// one has the bits of who reads everything.
struct PrefixStates<State> {
  /// Fewer tokens are read sooner than kept.
  static var fewest: Int { 16 }

  private struct Node {
    /// The node before it, or a root.
    let parent: Int
    /// The tokens behind the parent: a block, or fewer, behind which nothing stands.
    let tokens: [Int32]
    var state: State?
    var bytes: Int
    /// How many nodes of fewer tokens than a block stand behind it, by their count.
    var tails: [Int: Int] = [:]
    /// The neighbours in the order of their use; `none` at an end.
    var newer = PrefixStates.none
    var older = PrefixStates.none
  }

  private struct Place: Hashable {
    let parent: Int
    let tokens: ArraySlice<Int32>
  }

  private static var none: Int { -1 }
  /// Bytes of a node beside its state and its tokens.
  private static var overhead: Int { 256 }

  /// Tokens of a block.
  let block: Int
  /// Bytes that are kept at most.
  let limit: Int
  /// Bytes that are kept.
  private(set) var bytes = 0
  /// States that are kept.
  private(set) var count = 0
  private var nodes: [Node] = []
  private var free: [Int] = []
  private var places: [Place: Int] = [:]
  private var roots: [String: Int] = [:]
  private var newest = PrefixStates.none
  private var oldest = PrefixStates.none

  /// Nothing kept yet; with a limit of 0 nothing ever is.
  init(block: Int, limit: Int) { (self.block, self.limit) = (block, limit) }

  /// The longest beginning of a text of a model whose state is kept.
  ///
  /// - Returns: how many tokens it has, and the state behind them.
  mutating func longest(of ids: [Int32], model: String) -> (count: Int, state: State)? {
    guard limit > 0, let root = roots[model] else { return nil }
    var path = [root]
    while path.count * block <= ids.count,
      let node = places[place(ids, path.count - 1, behind: path[path.count - 1])]
    { path.append(node) }
    while let node = path.last {
      let start = (path.count - 1) * block
      for count in nodes[node].tails.keys.sorted(by: >) where start + count <= ids.count {
        if let tail = places[Place(parent: node, tokens: ids[start..<start + count])],
          let state = nodes[tail].state
        {
          touch(tail)
          return (start + count, state)
        }
      }
      if let state = nodes[node].state {
        touch(node)
        return (start, state)
      }
      path.removeLast()
    }
    return nil
  }

  /// Keeps the state behind tokens of a model.
  ///
  /// - Parameter size: its bytes.
  mutating func keep(_ state: State, bytes size: Int, behind ids: [Int32], model: String) {
    guard size <= limit, ids.count >= PrefixStates.fewest else { return }
    var node = root(of: model)
    var place = 0
    while place * block < ids.count {
      let next = self.place(ids, place, behind: node)
      if let own = places[next] { node = own } else { node = add(next) }
      place += 1
    }
    // behind the same tokens is the same state
    if nodes[node].state == nil {
      nodes[node].state = state
      nodes[node].bytes += size
      bytes += size
      count += 1
    }
    touch(node)
    while bytes > limit, oldest != PrefixStates.none { remove(oldest) }
  }

  /// The place of a block of tokens, or of what is left of them.
  private func place(_ ids: [Int32], _ number: Int, behind parent: Int) -> Place {
    Place(parent: parent, tokens: ids[number * block..<min((number + 1) * block, ids.count)])
  }

  // MARK: Nodes

  private mutating func root(of model: String) -> Int {
    if let own = roots[model] { return own }
    let root = insert(Node(parent: PrefixStates.none, tokens: [], state: nil, bytes: 0))
    roots[model] = root
    return root
  }

  private mutating func insert(_ node: Node) -> Int {
    if let own = free.popLast() {
      nodes[own] = node
      return own
    }
    nodes.append(node)
    return nodes.count - 1
  }

  private mutating func add(_ place: Place) -> Int {
    // a part of a text would keep the whole
    let tokens = Array(place.tokens)
    let size = PrefixStates.overhead + 8 * tokens.count
    let node = insert(Node(parent: place.parent, tokens: tokens, state: nil, bytes: size))
    bytes += size
    places[Place(parent: place.parent, tokens: tokens[...])] = node
    if tokens.count < block { nodes[place.parent].tails[tokens.count, default: 0] += 1 }
    return node
  }

  private mutating func remove(_ node: Int) {
    let own = nodes[node]
    unlink(node)
    bytes -= own.bytes
    if own.state != nil { count -= 1 }
    places[Place(parent: own.parent, tokens: own.tokens[...])] = nil
    if own.tokens.count < block {
      let rest = nodes[own.parent].tails[own.tokens.count, default: 1] - 1
      nodes[own.parent].tails[own.tokens.count] = rest == 0 ? nil : rest
    }
    nodes[node] = Node(parent: PrefixStates.none, tokens: [], state: nil, bytes: 0)
    free.append(node)
  }

  // MARK: Order of use

  /// Makes a node and all before it the newest, the first of them last: so the oldest has nothing behind it.
  private mutating func touch(_ node: Int) {
    var own = node
    while nodes[own].parent != PrefixStates.none {
      unlink(own)
      (nodes[own].older, nodes[own].newer) = (newest, PrefixStates.none)
      if newest != PrefixStates.none { nodes[newest].newer = own }
      newest = own
      if oldest == PrefixStates.none { oldest = own }
      own = nodes[own].parent
    }
  }

  private mutating func unlink(_ node: Int) {
    let (newer, older) = (nodes[node].newer, nodes[node].older)
    if newer != PrefixStates.none { nodes[newer].older = older } else if newest == node { newest = older }
    if older != PrefixStates.none { nodes[older].newer = newer } else if oldest == node { oldest = newer }
    (nodes[node].newer, nodes[node].older) = (PrefixStates.none, PrefixStates.none)
  }
}
