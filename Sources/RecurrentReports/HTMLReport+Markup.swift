extension HTMLReport {
  /// The page, in UTF-8. It is well-formed XML too, so that other programs can take it apart.
  public var html: String {
    var lines = [
      "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\"/>",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>",
      "<title>\(escapedMarkup(title))</title>", "<style>", HTMLReport.styleSheet, "</style>", "</head>",
      "<body>", "<main>", "<h1>\(escapedMarkup(title))</h1>",
    ]
    if !lead.isEmpty { lines.append("<p class=\"lead\">\(escapedMarkup(lead))</p>") }
    lines += notes.map(HTMLReport.markup)
    if !keyFigures.isEmpty {
      lines.append("<dl class=\"key\">")
      lines += keyFigures.map(HTMLReport.markup)
      lines.append("</dl>")
    }
    for section in sections {
      lines += ["<section>", "<h2>\(escapedMarkup(section.title))</h2>"]
      lines += section.blocks.map(HTMLReport.markup)
      lines.append("</section>")
    }
    return (lines + ["</main>", "</body>", "</html>"]).joined(separator: "\n") + "\n"
  }

  /// A page with further remarks at its head.
  ///
  /// - Parameters:
  ///   - notes: remarks on the whole.
  ///   - page: as ``html`` makes it.
  public static func adding(_ notes: [Note], to page: String) -> String {
    // titles are escaped: the first end of a headline is that of the page
    guard !notes.isEmpty, let place = page.firstRange(of: "</h1>") else { return page }
    return page[..<place.upperBound] + "\n" + notes.map(markup).joined(separator: "\n")
      + page[place.upperBound...]
  }

  private static func markup(_ figure: KeyFigure) -> String {
    var lines = [
      "<div>", "<dt>\(escapedMarkup(figure.name))</dt>",
      "<dd class=\"value\">\(escapedMarkup(figure.value))</dd>",
    ]
    if let interval = figure.interval { lines.append("<dd>\(escapedMarkup(interval))</dd>") }
    if let explanation = figure.explanation {
      lines.append("<dd class=\"small\">\(escapedMarkup(explanation))</dd>")
    }
    return (lines + ["</div>"]).joined(separator: "\n")
  }

  static func markup(_ block: Block) -> String {
    switch block {
    case .paragraph(let text): "<p>\(escapedMarkup(text))</p>"
    case .note(let note): markup(note)
    case .table(let table): markup(table)
    case .figures(let figures):
      "<div class=\"figures\">\n" + figures.map(markup).joined(separator: "\n") + "\n</div>"
    case .comparisons(let comparisons): comparisons.map(markup).joined(separator: "\n")
    }
  }

  private static func markup(_ note: Note) -> String {
    switch note {
    case .information(let text): "<p class=\"note\"><b>Note:</b> \(escapedMarkup(text))</p>"
    case .warning(let text): "<p class=\"note warning\"><b>Warning:</b> \(escapedMarkup(text))</p>"
    }
  }

  private static func markup(_ table: Table) -> String {
    func cells(_ texts: [String], isHeader: Bool) -> String {
      zip(texts, table.columns).enumerated().map { index, cell in
        let tag = isHeader || index == 0 ? "th" : "td"
        let scope = isHeader ? " scope=\"col\"" : index == 0 ? " scope=\"row\"" : ""
        let side = cell.1.isNumeric ? " class=\"n\"" : ""
        return "<\(tag)\(scope)\(side)>\(escapedMarkup(cell.0))</\(tag)>"
      }.joined()
    }
    let name = escapedMarkup(table.caption ?? table.columns.map(\.name).joined(separator: ", "))
    let limit = table.scrolls && table.rows.count > 16 ? " style=\"max-height:26rem\"" : ""
    var lines = [
      "<div class=\"wide\"\(limit) tabindex=\"0\" role=\"group\" aria-label=\"\(name)\">", "<table>",
    ]
    if let caption = table.caption {
      lines.append("<caption><span>\(escapedMarkup(caption))</span></caption>")
    }
    lines.append("<thead><tr>\(cells(table.columns.map(\.name), isHeader: true))</tr></thead>")
    lines.append("<tbody>")
    lines += table.rows.map { "<tr>\(cells($0, isHeader: false))</tr>" }
    return (lines + ["</tbody>", "</table>", "</div>"]).joined(separator: "\n")
  }

  private static func markup(_ figure: Figure) -> String {
    let (width, least) = (Int(figure.width), Int(figure.width * 0.7))
    return "<figure style=\"flex-basis:\(width)px;max-width:min(100%,\(width)px)\">\n"
      // narrow screens scroll before letters become too small to read
      // what scrolls can be scrolled with the keyboard too
      + "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"\(escapedMarkup(figure.caption))\">"
      + "<div style=\"min-width:\(least)px\">\n\(figure.svg)</div></div>\n"
      + "<figcaption>\(escapedMarkup(figure.caption))</figcaption>\n</figure>"
  }

  private static let styleSheet = """
    :root{color-scheme:light dark;--page:#fff;--text:#1a1a1a;--dim:#555;--line:#ddd;\
    --box:#f5f6f8;--warn:#b34700;--mark:#ffdcc2}
    @media (prefers-color-scheme:dark){:root{--page:#16181c;--text:#e8e8e8;--dim:#a8adb4;--line:#33373d;\
    --box:#1f2329;--warn:#f08a3c;--mark:#5c3413}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif;\
    overflow-wrap:break-word}
    main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
    h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0}
    h2{font-size:1.2rem;margin:2.5rem 0 .5rem;padding-bottom:.2rem;border-bottom:1px solid var(--line)}
    .lead{font-size:1.05rem;color:var(--dim);margin-top:0}
    .key{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;margin:1.5rem 0}
    .key div{background:var(--box);border-radius:6px;padding:.7rem .9rem}
    dt,dd{margin:0}
    dt,.small,caption,figcaption{font-size:.875rem;color:var(--dim)}
    .value{font-size:1.6rem;font-weight:600;line-height:1.3;font-variant-numeric:tabular-nums}
    .note{background:var(--box);border-left:4px solid var(--dim);padding:.5rem .8rem}
    .warning{border-color:var(--warn)}
    .wide{overflow-x:auto}
    table{border-collapse:collapse;font-size:.9rem;margin:1rem 0}
    caption{text-align:left;padding-bottom:.3rem}
    caption span{position:sticky;left:0;display:inline-block;max-width:calc(100vw - 2rem)}
    th,td{max-width:22rem;padding:.25rem .75rem;text-align:left;\
    border-bottom:1px solid var(--line);vertical-align:top}
    th:first-child{padding-left:0}
    tbody th{font-weight:400}
    .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    .figures{display:flex;flex-wrap:wrap;gap:1rem 1.5rem;align-items:flex-start}
    figure{margin:.5rem 0;flex:0 1 auto;min-width:0}
    .chart{display:block;width:100%;height:auto}
    .texts{border-bottom:1px solid var(--line);padding:.5rem 0}
    h3{font-size:.9rem;font-weight:600;margin:.3rem 0}
    .texts dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem;margin:.3rem 0}
    .texts dd{min-width:0}
    mark{background:var(--mark);color:inherit;border-radius:3px;padding:0 .15em;\
    text-decoration:underline var(--warn) 2px}
    """
}
