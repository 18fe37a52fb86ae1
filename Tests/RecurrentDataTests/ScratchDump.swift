import FoundationEssentials
import RecurrentFormats
import Testing

@testable import RecurrentData

/// Scratch, not to be committed.
@Suite struct ScratchDump {
  @Test func dump() throws {
    guard let list = try? String(contentsOfFile: "/tmp/tablecheck/dump.list", encoding: .utf8) else { return }
    var out = ""
    for line in list.split(separator: "\n") {
      let parts = line.split(separator: "\t").map(String.init)
      var columns = SeriesColumns()
      var format = TableFormat()
      var place = 1
      while place + 1 < parts.count {
        let value = parts[place + 1]
        switch parts[place] {
        case "--target": columns.targets = [value]
        case "--known": columns.known = [value]
        case "--past": columns.past = [value]
        case "--time": columns.time = value
        case "--id-column": columns.id = value
        case "--resample": columns.resampling = Resampling(rawValue: value)
        case "--decimal": format.decimal = value == "comma" ? .comma : .point
        case "--date-order": format.dateOrder = CalendarTime.PartOrder(rawValue: value)
        case "--missing": format.missing = [value]
        case "--sheet": format.sheet = value
        default: break
        }
        place += 2
      }
      columns.format = format == TableFormat() ? nil : format
      do {
        let table = try SeriesTable(DataSource(parts[0]), columns: columns)
        out += "FILE\t\(parts[0])\n"
        for (index, name) in table.columns.targets.enumerated() {
          let values = table.series.map { one in one.column(index).map { "\($0)" }.joined(separator: ",") }
          out += "V\t\(name.replacing("\n", with: "\\n"))\t\(values.joined(separator: ";"))\n"
        }
        let one = table.series[0]
        out += "T\t\(one.timeText(of: 0))\t\(one.timeText(of: one.stepCount - 1))\t\(one.timeText(of: one.stepCount))\n"
      } catch {
        out += "FILE\t\(parts[0])\nERROR\t\(error)\n"
      }
    }
    try out.write(toFile: "/tmp/tablecheck/dump.out", atomically: true, encoding: .utf8)
  }
}
