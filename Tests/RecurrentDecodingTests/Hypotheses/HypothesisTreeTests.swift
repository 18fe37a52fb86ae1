import Testing

@testable import RecurrentDecoding

@Suite struct HypothesisTreeTests {
  /// 1 2 3, 1 2 4 and 5, of which each token ends a step before the next.
  private func example() -> (tree: HypothesisTree, leaves: [Int32]) {
    var tree = HypothesisTree()
    func put(_ token: Int32, _ parent: Int32, _ time: Int) -> Int32 {
      tree.append(token, to: parent, time: time, previousEnd: time - 1, score: Float(token))
    }
    let one = put(1, HypothesisTree.root, 0)
    let five = put(5, HypothesisTree.root, 1)
    let two = put(2, one, 2)
    let three = put(3, two, 3)
    let four = put(4, two, 4)
    return (tree, [three, four, five])
  }

  @Test func readsHypotheses() {
    let (tree, leaves) = example()
    #expect(leaves.map { tree.tokens(of: $0) } == [[1, 2, 3], [1, 2, 4], [5]])
    #expect(tree.tokens(of: HypothesisTree.root).isEmpty && tree.count == 6)
    #expect(tree.tokens(of: tree.commonPrefix(leaves[0], leaves[1])) == [1, 2])
    #expect(tree.commonPrefix(leaves[0], leaves[2]) == HypothesisTree.root)
    #expect(tree.hypothesis(leaves[0], hasPrefix: tree[leaves[0]].parent))
    #expect(
      !tree.hypothesis(leaves[0], hasPrefix: leaves[2]) && !tree.hypothesis(leaves[2], hasPrefix: leaves[0]))
  }

  @Test func dropsWhatNoHypothesisNeeds() {
    var (tree, leaves) = example()
    var kept = [leaves[1], leaves[0]]
    let shared = tree.commonPrefix(kept[0], kept[1])
    tree.compact(root: shared) { visit in for index in kept.indices { visit(&kept[index]) } }
    #expect(tree.count == 3 && kept.map { tree.tokens(of: $0) } == [[4], [3]])
    #expect(tree[kept[0]].time == 4 && tree[kept[0]].previousEnd == 3)
    leaves = [kept[0]]
    tree.compact(root: HypothesisTree.root) { visit in visit(&leaves[0]) }
    #expect(tree.count == 2 && tree.tokens(of: leaves[0]) == [4])
  }

  @Test func refusesTreesThatAreNone() {
    let node = HypothesisTree.Node(parent: 0, token: 1, time: 3, previousEnd: 1, score: 0)
    #expect(HypothesisTree([]) == nil)
    #expect(HypothesisTree([node, node]) != nil)
    var wrong = node
    wrong.parent = 1
    #expect(HypothesisTree([node, wrong]) == nil)
    wrong = node
    wrong.previousEnd = 3
    #expect(HypothesisTree([node, wrong]) == nil)
  }
}
