import RecurrentCore

/// A page about an evaluation: one file of HTML without scripts and without anything that it would have to
/// fetch, for light and dark screens, wide and narrow ones.
///
/// All texts are plain; what would be markup in them is shown as it is.
public struct HTMLReport: Sendable, Equatable {
  /// A number that matters.
  public struct KeyFigure: Sendable, Equatable {
    /// What it is called.
    public var name: String
    /// The number as it is shown.
    public var value: String
    /// What it lies within, such as `95 %: 0.91 to 0.94`.
    public var interval: String?
    /// What it means.
    public var explanation: String?

    /// A number.
    public init(_ name: String, _ value: String, interval: String? = nil, explanation: String? = nil) {
      (self.name, self.value, self.interval, self.explanation) = (name, value, interval, explanation)
    }
  }

  /// Rows below a header.
  public struct Table: Sendable, Equatable {
    /// A column.
    public struct Column: Sendable, Equatable {
      /// What stands above it.
      public var name: String
      /// Whether it has numbers, which stand on the right.
      public var isNumeric: Bool

      /// A column of texts.
      public static func text(_ name: String) -> Column { Column(name: name, isNumeric: false) }
      /// A column of numbers.
      public static func number(_ name: String) -> Column { Column(name: name, isNumeric: true) }
    }

    /// What stands above the whole; nil for nothing.
    public var caption: String?
    /// The columns; the first names the row.
    public var columns: [Column]
    /// The cells, row by row.
    public var rows: [[String]]
    /// Whether a long table scrolls by itself, so that what is below it stays in reach.
    public var scrolls = false

    /// A table. Traps unless each row has a cell for each column.
    public init(caption: String? = nil, columns: [Column], rows: [[String]]) {
      for row in rows {
        trapUnless(
          row.count == columns.count,
          "HTMLReport.Table: expected \(columns.count) cells in a row, received \(row.count)")
      }
      (self.caption, self.columns, self.rows) = (caption, columns, rows)
    }
  }

  /// A chart with what it shows.
  public struct Figure: Sendable, Equatable {
    /// The drawing.
    public let svg: String
    /// The width at which its letters have their proper size, in pixels.
    public let width: Double
    /// What it shows.
    public var caption: String

    /// A chart.
    public init(_ chart: some Chart, caption: String) {
      svg = chart.svg
      width = chart.width
      self.caption = caption
    }
  }

  /// A remark that stands out.
  public enum Note: Sendable, Equatable {
    /// Something to know.
    case information(String)
    /// Something to beware of.
    case warning(String)
  }

  /// A part of a section.
  public enum Block: Sendable, Equatable {
    /// Text.
    case paragraph(String)
    /// A remark that stands out.
    case note(Note)
    /// A table.
    case table(Table)
    /// Figures, side by side where there is space.
    case figures([Figure])
    /// Texts that belong together, one comparison below the other.
    case comparisons([Comparison])
  }

  /// Parts below a headline.
  public struct Section: Sendable, Equatable {
    /// The headline.
    public var title: String
    /// What is below.
    public var blocks: [Block]

    /// A section.
    public init(_ title: String, _ blocks: [Block]) {
      (self.title, self.blocks) = (title, blocks)
    }
  }

  /// The headline of the page.
  public var title: String
  /// The first paragraph: what was evaluated on what.
  public var lead: String
  /// The numbers that matter.
  public var keyFigures: [KeyFigure]
  /// Remarks on the whole.
  public var notes: [Note]
  /// The rest.
  public var sections: [Section]

  /// A page.
  public init(
    title: String, lead: String, keyFigures: [KeyFigure] = [], notes: [Note] = [], sections: [Section] = []
  ) {
    (self.title, self.lead, self.keyFigures) = (title, lead, keyFigures)
    (self.notes, self.sections) = (notes, sections)
  }
}
