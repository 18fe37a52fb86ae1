import RecurrentData
import RecurrentTestSupport
import Testing

@Suite struct InkMLFileTests {
  private func read(_ text: String) throws -> InkMLFile {
    try InkMLFile(DataBytes(Array(text.utf8), path: "x.inkml"))
  }

  private func points(_ trace: String, format: String = "") throws -> [[Float]] {
    let ink = try read("<ink>\(format)<trace>\(trace)</trace></ink>")
    return ink.strokes.strokes[0].map { [$0.x, $0.y] }
  }

  @Test func differences() throws {
    // the example of the recommendation: absolute, then speeds, then accelerations
    #expect(
      try points("1125 18432,'23'43,\"7\"-8,3-5,7 -3,6 2,6 8,3 6,3 6,2 4,1 10,-3 -4")
        == [
          [1125, 18432], [1148, 18475], [1178, 18510], [1211, 18540], [1251, 18567], [1297, 18596],
          [1349, 18633],
          [1404, 18676], [1462, 18725], [1522, 18778], [1583, 18841], [1641, 18900],
        ])
    #expect(try points("0 0,'1'2,3 4,!10!11,12 13") == [[0, 0], [1, 2], [4, 6], [10, 11], [12, 13]])
    #expect(try points("1.5e1 -2.25,*-3") == [[15, -2.25], [15, -3]])
    #expect(try points("+1.5-0.5E+1,25e-2 3") == [[1.5, -5], [0.25, 3]])
  }

  @Test func channels() throws {
    let format =
      "<traceFormat><channel name=\"T\"/><channel name='Y'/><channel name=\"X\"/><channel name=\"B\"/></traceFormat>"
    #expect(try points("0 1 2 T, 5 3 4 F", format: format) == [[2, 1], [4, 3]])
    #expect(throws: DataError.self) {
      try points("1 2", format: "<traceFormat><channel name=\"X\"/></traceFormat>")
    }
  }

  /// Each trace has the channels of its context, of its group, or those that were named last.
  @Test(
    arguments: [
      ("", "contextRef='#a'", [[1, 2]]), ("", "contextRef='#b'", [[2, 1]]),
      ("", "contextRef='#c'", [[2, 1]]),
      ("", "contextRef='#d'", [[1, 2]]), ("contextRef='#a'", "", [[1, 2]]),
      ("contextRef='#a'", "contextRef='#b'", [[2, 1]]),
      ("", "", [[2, 1]]),
    ] as [(String, String, [[Float]])])
  func formatsOfContexts(_ group: String, _ trace: String, _ expected: [[Float]]) throws {
    func format(_ id: String, _ names: String...) -> String {
      "<traceFormat xml:id='\(id)'>" + names.map { "<channel name='\($0)'/>" }.joined() + "</traceFormat>"
    }
    let ink = try read(
      """
      <ink><definitions>
      <context xml:id='a'><inkSource xml:id='s'>\(format("f", "X", "Y"))</inkSource></context>
      <context xml:id='b'>\(format("g", "Y", "X"))</context>
      <context xml:id='c' traceFormatRef='#g'/><context xml:id='d' inkSourceRef='#s'/>
      </definitions><traceGroup \(group)><trace \(trace)>1 2</trace></traceGroup></ink>
      """)
    #expect(ink.strokes.strokes[0].map { [$0.x, $0.y] } == expected)
  }

  @Test func attributesWithPrefixesAreOthers() throws {
    let ink = try read(
      "<ink><trace id='a' xml:id='b' type='penUp' x:type='y'>9 9</trace><trace x:type='penUp'>1 2</trace></ink>"
    )
    #expect(ink.strokes.strokes.map(\.count) == [1] && ink.strokes.strokes[0][0].x == 1)
  }

  @Test func annotations() throws {
    let ink = try read(
      """
      <?xml version="1.0"?>
      <!DOCTYPE ink>
      <!-- a remark -->
      <inkml:ink xmlns:inkml="http://www.w3.org/2003/InkML">
        <annotation type="writer">w&#49;</annotation>
        <annotationXML type="truth"><math><mi>x</mi></math></annotationXML>
        <annotation type="truth"><![CDATA[a < b]]></annotation>
        <trace id="a">0 0, 1 1</trace><trace type="penUp">1 1, 2 2</trace>
        <trace continuation="begin">2 2</trace><trace continuation="end">3 3</trace>
        <traceGroup><annotation type="truth">part</annotation><traceView traceDataRef="a"/></traceGroup>
      </inkml:ink>
      """)
    #expect(ink.transcript == "a < b" && ink.writer == "w1")
    #expect(ink.strokes.strokes.map(\.count) == [2, 2] && !ink.strokes.isUpward)
  }

  @Test(
    arguments: [
      "<ink>", "<ink></ink>", "<html></html>", "<ink><trace>1</trace></ink>", "<ink><trace>a b</trace></ink>",
      "<ink><trace>1 2</ink>", "<ink a=1><trace>1 2</trace></ink>", "<ink><trace>1 2</trace></ink>x",
      "<ink><trace>1 1e20</trace></ink>", "<ink><trace>&bomb;</trace></ink>",
      "<!DOCTYPE ink [<!ENTITY a \"b\">]><ink/>",
      "<ink><trace> </trace></ink>", String(repeating: "<ink>", count: 300), "<ink a='1' a='2'/>",
      "<ink xml:a='1' xml:a='2'/>",
    ])
  func whatIsNone(_ text: String) {
    let error = #expect(throws: DataError.self) { try read(text) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("x.inkml: line 1"))
  }

  @Test func damagedFiles() throws {
    let text =
      "<ink><annotation type=\"truth\">a&amp;b</annotation><!-- c --><trace>1 2,'3'4,\"1\"1</trace></ink>"
    for cut in 0..<text.utf8.count {
      let error = #expect(throws: DataError.self) {
        try InkMLFile(DataBytes(Array(text.utf8.prefix(cut)), path: "x.inkml"))
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains("x.inkml"))
    }
    try checkStructure(damagedNumbers(Array(text.utf8), most: 2000), naming: "x.inkml") {
      _ = try InkMLFile(DataBytes($0, path: "x.inkml")).strokes.pointCount
    }
  }
}
