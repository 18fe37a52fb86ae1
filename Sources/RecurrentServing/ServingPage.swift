/// The page at `/`: texts that write themselves and fork, sessions step by step, whole sequences by file or microphone, live figures.
/// It needs nothing but this server.
enum ServingPage {
  private static let policy =
    "default-src 'none'; connect-src 'self'; script-src 'self'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"

  /// The page.
  static let answer = HTTPAnswer(
    200, type: "text/html; charset=utf-8",
    fields: [("content-security-policy", policy), ("referrer-policy", "no-referrer")], body: Array(html.utf8))
  /// Its style.
  static let styleAnswer = HTTPAnswer(200, type: "text/css; charset=utf-8", body: Array(style.utf8))
  /// Its program.
  static let scriptAnswer = HTTPAnswer(
    200, type: "text/javascript; charset=utf-8", body: Array((script + wholeScript).utf8))

  /// What records, beside it.
  static let recorderAnswer = HTTPAnswer(
    200, type: "text/javascript; charset=utf-8", body: Array(recorderScript.utf8))

  private static let html = """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><title>recurrent serve</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"><script src="/page.js" defer></script></head>
    <body><header><h1>recurrent serve</h1>
    <div class="row"><label>Model <select id="model"></select></label>
    <form id="lock" hidden><label>Key <input id="key" type="password" autocomplete="off"></label></form></div></header>
    <p id="about"></p>
    <section id="writing"><h2>Write</h2>
    <textarea id="prompt" rows="2" aria-label="Prompt" placeholder="What the text begins with">ROMEO:</textarea>
    <div class="row"><label>Tokens <input id="tokens" type="number" value="200" min="1" max="65536"></label>
    <label>Temperature <input id="temperature" type="number" value="0.8" min="0" max="5" step="0.1"></label>
    <label>Seed <input id="seed" type="number" value="1"></label>
    <button id="write" class="main">Write</button><button id="stop" disabled>Stop</button></div>
    <div id="texts"></div></section>
    <section id="stepping"><h2>Step by step</h2>
    <textarea id="steps" rows="3" aria-label="Steps"></textarea>
    <div class="row"><button id="send" class="main">Send</button><button id="fork">Fork</button><button id="reset">End the sequence</button>
    <button id="again">New session</button><span id="session"></span></div>
    <svg id="curves" role="img" aria-label="Answers over the steps" viewBox="0 0 600 120" preserveAspectRatio="none" hidden></svg>
    <pre id="rows" aria-live="polite"></pre></section>
    <section id="whole"><h2>Whole sequences</h2>
    <div class="row"><input id="file" type="file" aria-label="A file: CSV, WAV, JSON or text">
    <button id="predict" class="main">Predict</button><button id="record">Record</button><span id="recording" role="status"></span></div>
    <textarea id="typed" rows="2" aria-label="A record" placeholder="or a record as JSON: {&quot;text&quot;: &quot;..&quot;}"></textarea>
    <svg id="fan" role="img" aria-label="Forecast with intervals" viewBox="0 0 600 220" hidden></svg>
    <div id="table"></div></section>
    <section><h2>Figures</h2><dl id="figures"></dl></section>
    <p id="problem" role="alert"></p></body></html>
    """

  private static let style = """
    :root { color-scheme: light dark; --ink: #1c2126; --soft: #5a646c; --paper: #fbfbf9; --card: #fff; --line: #d5d9dc; --accent: #1d5f8a; --on: #fff; --bad: #b3261e }
    @media (prefers-color-scheme: dark) { :root { --ink: #e4e6e8; --soft: #9aa4ac; --paper: #14171a; --card: #1b1f23; --line: #363d43; --accent: #7cb8e0; --on: #10202c; --bad: #ff8a80 } }
    * { box-sizing: border-box }
    body { margin: 0 auto; max-width: 64rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
    header, .row { display: flex; flex-wrap: wrap; gap: .6rem .75rem; align-items: center }
    header { justify-content: space-between } h1 { font-size: 1.3rem; margin: 0 } h2 { font-size: 1.05rem; margin: 0 0 .6rem }
    #about, #session, #recording, label { color: var(--soft) } #about { margin: .3rem 0 1rem }
    section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin-bottom: 1rem }
    textarea, input, select, button { font: inherit; color: var(--ink); background: transparent; border: 1px solid var(--line); border-radius: .35rem; padding: .3rem .6rem; max-width: 100% }
    select option { color: #1c2126; background: #fff } textarea { width: 100%; margin-bottom: .5rem; resize: vertical } input[type=number] { width: 6rem }
    #typed { margin: .6rem 0 0 }
    button { border-color: var(--accent); color: var(--accent); cursor: pointer } button.main { background: var(--accent); color: var(--on) }
    button:disabled { opacity: .4; cursor: default } :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
    #texts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: .75rem; margin-top: .75rem }
    .text { border: 1px solid var(--line); border-radius: .4rem; padding: .6rem; min-width: 0 } .text pre { max-height: 20rem }
    pre { margin: .5rem 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .9rem/1.45 ui-monospace, monospace; max-height: 14rem; overflow: auto }
    svg { display: block; width: 100%; height: auto; margin-top: .75rem } #curves { height: 7.5rem }
    svg text { fill: var(--soft); font: 11px system-ui, sans-serif } #table { overflow-x: auto; margin-top: .5rem }
    table { border-collapse: collapse; font-size: .9rem } th, td { text-align: left; padding: .2rem .9rem .2rem 0; border-bottom: 1px solid var(--line); white-space: nowrap } td.wide { white-space: normal; min-width: 14rem }
    dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr)); gap: .75rem; margin: 0 }
    dt { font-size: .8rem; color: var(--soft) } dd { margin: 0; font-size: 1.2rem; font-variant-numeric: tabular-nums }
    [hidden] { display: none !important } #problem { color: var(--bad) }
    """
}
