/// The page at `/`: text that writes itself, sessions step by step, live figures. It needs nothing but this server.
enum ServingPage {
  private static let policy =
    "default-src 'none'; connect-src 'self'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'"

  /// The page.
  static let answer = HTTPAnswer(
    200, type: "text/html; charset=utf-8", fields: [("content-security-policy", policy)],
    body: Array(html.utf8))
  /// Its style.
  static let styleAnswer = HTTPAnswer(200, type: "text/css; charset=utf-8", body: Array(style.utf8))
  /// Its program.
  static let scriptAnswer = HTTPAnswer(200, type: "text/javascript; charset=utf-8", body: Array(script.utf8))

  private static let html = """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><title>recurrent serve</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="/page.css"><script src="/page.js" defer></script></head>
    <body><header><h1>recurrent serve</h1><label>Model <select id="model"></select></label></header>
    <p id="about"></p>
    <section id="writing"><h2>Write</h2>
    <textarea id="prompt" rows="3" aria-label="Prompt" placeholder="What the text begins with"></textarea>
    <div class="row"><label>Tokens <input id="tokens" type="number" value="200" min="1" max="65536"></label>
    <label>Temperature <input id="temperature" type="number" value="0.8" min="0" max="5" step="0.1"></label>
    <label>Seed <input id="seed" type="number" value="1"></label>
    <button id="write">Write</button><button id="stop" disabled>Stop</button></div>
    <pre id="text" aria-live="polite"></pre></section>
    <section id="stepping"><h2>Step by step</h2>
    <textarea id="steps" rows="3" aria-label="Steps" placeholder="One step a line, as JSON: [0.1, 0.2] or &quot;text&quot;"></textarea>
    <div class="row"><button id="send">Send</button><button id="fork">Fork</button><button id="again">New session</button>
    <span id="session"></span></div>
    <pre id="rows" aria-live="polite"></pre></section>
    <section><h2>Figures</h2><dl id="figures"></dl></section>
    <p id="problem" role="alert"></p></body></html>
    """

  private static let style = """
    :root { color-scheme: light dark; --ink: #1c2126; --paper: #fbfbf9; --line: #cfd3d6; --accent: #1d5f8a }
    @media (prefers-color-scheme: dark) { :root { --ink: #e4e6e8; --paper: #16191c; --line: #3c4247; --accent: #7cb8e0 } }
    * { box-sizing: border-box }
    body { margin: 0 auto; max-width: 60rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
    header, .row { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center }
    header { justify-content: space-between } h1 { font-size: 1.4rem; margin: 0 } h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem }
    textarea, input, select, button { font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .3rem; padding: .35rem .6rem }
    select option { color: #1c2126; background: #fff }
    textarea { width: 100%; margin-bottom: .5rem } input { width: 6.5rem }
    button { border-color: var(--accent); color: var(--accent); cursor: pointer } button:disabled { opacity: .4; cursor: default }
    pre { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 3px solid var(--line); padding: .25rem .75rem; min-height: 3rem; max-height: 24rem; overflow: auto }
    dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: .75rem; margin: 0 }
    dt { font-size: .8rem; opacity: .75 } dd { margin: 0; font-size: 1.2rem } [hidden] { display: none } #problem { color: #b3261e }
    """

  private static let script = """
    "use strict";
    const $ = id => document.getElementById(id);
    let models = [], session = null, position = 0, writing = null;
    const problem = error => { $("problem").textContent = error ? String(error.message || error) : ""; };
    async function ask(path, body, method) {
      const init = body === undefined ? { method: method || "GET" } :
        { method: method || "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
      const response = await fetch(path, init);
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error && answer.error.message || response.statusText);
      return answer;
    }
    const model = () => models.find(own => own.id === $("model").value);
    function choose() {
      const own = model();
      if (!own) return;
      $("about").textContent = `${own.task}, ${own.parameters.toLocaleString("en")} parameters` +
        (own.input_size ? `, steps of ${own.input_size} numbers` : `, reads ${own.reads}`);
      $("writing").hidden = !own.writes;
      $("stepping").hidden = !own.sessions;
      session = null;
      $("session").textContent = $("rows").textContent = "";
    }
    async function write() {
      problem();
      writing = new AbortController();
      $("write").disabled = true;
      $("stop").disabled = false;
      $("text").textContent = $("prompt").value;
      try {
        const response = await fetch("/v1/completions", { method: "POST", signal: writing.signal, body: JSON.stringify({
          model: model().id, prompt: $("prompt").value, max_tokens: Number($("tokens").value),
          temperature: Number($("temperature").value), seed: Number($("seed").value), stream: true }) });
        if (!response.ok) throw new Error((await response.json()).error.message);
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = "";
        for (;;) {
          const { value, done } = await reader.read();
          if (done) break;
          const events = (rest + value).split("\\n\\n");
          rest = events.pop();
          for (const event of events) {
            if (!event.startsWith("data: ") || event.startsWith("data: [DONE]")) continue;
            const chunk = JSON.parse(event.slice(6));
            if (chunk.error) throw new Error(chunk.error.message);
            for (const choice of chunk.choices) $("text").textContent += choice.text;
          }
        }
      } catch (error) { if (error.name !== "AbortError") problem(error); }
      $("write").disabled = false;
      $("stop").disabled = true;
    }
    const show = () => { $("session").textContent = session ? `session ${session}, position ${position}` : ""; };
    async function send() {
      problem();
      try {
        if (!session) { const own = await ask("/v1/sessions", { model: model().id }); session = own.id; position = 0; }
        const steps = $("steps").value.split("\\n").filter(line => line.trim()).map(line => JSON.parse(line));
        const answer = await ask(`/v1/sessions/${session}/steps`, { steps, position });
        position = answer.position;
        $("rows").textContent += answer.outputs.map(row => JSON.stringify(row)).join("\\n") + "\\n";
      } catch (error) { problem(error); }
      show();
    }
    async function fork() {
      problem();
      try { if (session) session = (await ask(`/v1/sessions/${session}/fork`, {})).id; } catch (error) { problem(error); }
      show();
    }
    const wanted = { rnn_generated_tokens_total: "tokens written", rnn_steps_total: "steps read", rnn_sessions: "sessions",
      rnn_connections: "connections", rnn_rejected_total: "refused", process_resident_memory_bytes: "memory, MB" };
    async function figures() {
      try {
        const sums = {};
        for (const line of (await (await fetch("/metrics")).text()).split("\\n")) {
          const name = line.split(/[{ ]/)[0];
          if (name in wanted) sums[name] = (sums[name] || 0) + Number(line.split(" ").pop());
        }
        $("figures").replaceChildren(...Object.keys(wanted).map(name => {
          const box = document.createElement("div"), term = document.createElement("dt"), value = document.createElement("dd");
          term.textContent = wanted[name];
          const number = name.endsWith("bytes") ? (sums[name] || 0) / 1e6 : sums[name] || 0;
          value.textContent = Math.round(number).toLocaleString("en");
          box.append(term, value);
          return box;
        }));
      } catch (error) { problem(error); }
    }
    $("model").onchange = choose;
    $("write").onclick = write;
    $("stop").onclick = () => writing && writing.abort();
    $("send").onclick = send;
    $("fork").onclick = fork;
    $("again").onclick = () => { session = null; $("rows").textContent = ""; show(); };
    ask("/v1/models").then(answer => {
      models = answer.data;
      $("model").replaceChildren(...models.map(own => new Option(own.id, own.id)));
      choose();
    }).catch(problem);
    figures();
    setInterval(figures, 2000);
    """
}
