import RecurrentReports

extension ExplanationPage {
  /// Steps that are drawn of so many.
  func window(_ count: Int) -> Range<Int> { window(count, from: start) }

  /// Steps that are drawn of a reading.
  func window(of reading: ReadingView, in explanation: Explanation) -> Range<Int> {
    window(reading.stepCount, from: start / explanation.stride(of: reading))
  }

  private func window(_ count: Int, from start: Int) -> Range<Int> {
    let begin = min(start, max(0, count - 1))
    return begin..<min(count, begin + stepCount)
  }

  /// What the steps of a reading that are drawn are called; numbers where the network reads several steps of the input at once.
  func names(_ explanation: Explanation, _ reading: ReadingView) -> [String] {
    window(of: reading, in: explanation).map { step in
      explanation.steps.count == reading.stepCount
        ? explanation.steps[step].input : "\(explanation.number(of: step, in: reading))"
    }
  }

  /// What is predicted at the steps of a reading that are drawn.
  func predictions(_ explanation: Explanation, _ reading: ReadingView) -> [String] {
    let stride = explanation.stride(of: reading)
    let isOfSteps = explanation.steps.count == reading.stepCount || stride > 1
    return window(of: reading, in: explanation).map {
      isOfSteps ? explanation.steps[$0 * stride].prediction : ""
    }
  }

  /// What is said where not all steps are drawn.
  func windowNote(_ explanation: Explanation, _ count: Int) -> [HTMLReport.Block] {
    let (own, first) = (window(count), explanation.firstStep)
    guard own.count < count else { return [] }
    return [
      .note(
        .information(
          "steps \(first + own.lowerBound + 1) to \(first + own.upperBound) of \(grouped(count)) are drawn; everything is computed over "
            + "all of them"
        ))
    ]
  }

  /// The same of a reading, and how many steps of the input its steps are.
  func windowNote(_ explanation: Explanation, _ reading: ReadingView) -> [HTMLReport.Block] {
    let stride = explanation.stride(of: reading)
    guard stride > 1 else { return windowNote(explanation, reading.stepCount) }
    let own = window(of: reading, in: explanation)
    var text =
      "the network reads \(counted(stride, "step")) of the input at once, and is drawn with the number of the first"
    if own.count < reading.stepCount {
      let last = min(explanation.steps.count, own.upperBound * stride) + explanation.firstStep
      text +=
        "; steps \(explanation.number(of: own.lowerBound, in: reading)) to \(last) of \(grouped(explanation.steps.count)) are "
        + "drawn, everything is computed over all of them"
    }
    return [.note(.information(text))]
  }
}

extension Explanation {
  /// Steps of the input that are one step of a reading; 1 also where it reads something else.
  func stride(of reading: ReadingView) -> Int {
    let (all, own) = (steps.count, reading.stepCount)
    guard reading.number == 0, own > 0, all > own else { return 1 }
    let stride = (all + own - 1) / own
    return (all + stride - 1) / stride == own ? stride : 1
  }

  /// The number of a step of a reading in the example, from 1: that of the first step of the input in it.
  func number(of step: Int, in reading: ReadingView) -> Int { firstStep + step * stride(of: reading) + 1 }
}
