/// The names of months in the languages of common exports.
enum MonthNames {
  private static let languages = [
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jänner feber maerz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november desember",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "ledna února března dubna května června července srpna září října listopadu prosince",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
  ]

  /// Languages whose names are read in full alone, since they begin like others of another month; with usual short forms.
  private static let fullLanguages = [
    "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
    "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
      + "marraskuuta joulukuuta",
    "január február március április május június július augusztus szeptember október november december",
    "jan febr márc ápr máj jún júl aug szept okt nov dec",
    "január február marec apríl máj jún júl august september október november december",
    "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
    "januar februar marec april maj junij julij avgust september oktober november december",
    "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
    "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "януари февруари март април май юни юли август септември октомври ноември декември",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος ιούλιος αύγουστος σεπτέμβριος οκτώβριος νοέμβριος "
      + "δεκέμβριος",
    "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου "
      + "δεκεμβρίου",
    "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
    "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "januari februari maret april mei juni juli agustus september oktober november desember",
    "jan feb mrt apr mei jun jul agu sep okt nov des", "jan feb mac apr mei jun jul ogo sep okt nov dis",
  ]

  /// Every name and each of its beginnings of three letters or more, with the month; 0 where they may mean several.
  private static let numbers: [String: Int] = {
    var numbers: [String: Int] = [:]
    for language in languages {
      for (place, name) in language.split(separator: " ").enumerated() {
        for length in 3...name.count {
          let word = String(name.prefix(length))
          let known = numbers[word, default: place + 1]
          // a whole name means its month, whatever begins alike
          numbers[word] = known == place + 1 || length == name.count ? place + 1 : 0
        }
      }
    }
    for language in fullLanguages {
      for (place, name) in language.split(separator: " ").enumerated() {
        numbers[String(name)] = place + 1
      }
    }
    return numbers
  }()

  /// The month from 1 that a word in lower case names, in full or by three letters or more; nil where it names none or several.
  static func number(_ word: String) -> Int? { numbers[word].flatMap { $0 > 0 ? $0 : nil } }

  private static let weekdays: Set<String> = [
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa", "so", "lun", "mar",
    "mer", "jeu", "ven", "sam", "dim", "mié", "jue", "vie", "sáb", "dom", "gio", "seg", "ter", "qua", "qui",
    "sex", "ma", "wo", "vr", "za", "zo", "må", "ti", "lø", "sø", "pn", "wt", "śr", "cz", "pt",
    "sb", "nd",
    "пн", "вт", "ср", "чт", "пт", "сб", "вс", "周一", "周二", "周三", "周四", "周五", "周六", "周日", "星期一", "星期二",
    "星期三", "星期四", "星期五", "星期六", "星期日", "星期天", "月", "火", "水", "木", "金", "土", "日", "월", "화", "수", "목",
    "금", "토", "일",
  ]
  private static let longWeekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "montag", "dienstag",
    "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "lundi", "mardi", "mercredi", "jeudi",
    "vendredi", "samedi", "dimanche", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado",
    "domingo", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica", "segunda",
    "terça",
    "quarta", "quinta", "sexta", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag",
    "zondag",
    "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela", "понедельник", "вторник",
    "среда", "четверг", "пятница", "суббота", "воскресенье", "måndag", "tisdag", "onsdag", "torsdag",
    "fredag",
    "lördag", "söndag", "mandag", "tirsdag", "lørdag", "søndag", "月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日",
    "日曜日",
  ]

  /// Whether a word in lower case names a day of the week.
  static func isWeekday(_ word: String) -> Bool {
    weekdays.contains(word) || word.count > 3 && longWeekdays.contains { $0.hasPrefix(word) }
  }
}
