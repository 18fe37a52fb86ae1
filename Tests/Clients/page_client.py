"""The page in headless Chromium: every control is used for every model, the console stays clean, nothing is wider than the window.

Usage: page_client.py PORT SCRATCH [PICTURES]. Speaks the protocol of the developer tools itself, over the package websockets.
"""
import asyncio
import base64
import json
import pathlib
import shutil
import subprocess
import sys

import websockets

port, scratch = sys.argv[1], pathlib.Path(sys.argv[2])
pictures = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
data = pathlib.Path(__file__).resolve().parents[2] / "Examples/Data"
samples = {"forecasting": data / "seattle-weather.csv", "transcription": data / "digits/wav", "classification": data / "digits/wav"}


class Browser:
    def __init__(self, socket):
        self.socket, self.number, self.session, self.problems = socket, 0, None, []

    async def call(self, method, **parameters):
        self.number += 1
        own = self.number
        await self.socket.send(json.dumps(
            {"id": own, "method": method, "params": parameters, **({"sessionId": self.session} if self.session else {})}))
        while True:
            message = json.loads(await asyncio.wait_for(self.socket.recv(), 60))
            if message.get("id") == own:
                assert "error" not in message, message
                return message["result"]
            if message.get("method") == "Runtime.exceptionThrown":
                self.problems.append(message["params"]["exceptionDetails"])
            elif message.get("method") == "Runtime.consoleAPICalled":
                self.problems.append(message["params"]["args"])
            elif message.get("method") == "Log.entryAdded":
                self.problems.append(message["params"]["entry"])

    async def run(self, script):
        answer = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, (script, answer)
        return answer["result"].get("value")

    async def until(self, script, seconds=30):
        for _ in range(int(seconds * 20)):
            if await self.run(script):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"never: {script}; {await self.run('document.body.innerText')}")

    async def click(self, name):
        await self.run(f"document.getElementById('{name}').click()")

    async def choose(self, files):
        root = (await self.call("DOM.getDocument"))["root"]["nodeId"]
        node = (await self.call("DOM.querySelector", nodeId=root, selector="#file"))["nodeId"]
        await self.call("DOM.setFileInputFiles", nodeId=node, files=files)

    async def picture(self, name):
        if pictures:
            shot = await self.call("Page.captureScreenshot", captureBeyondViewport=True)
            (pictures / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))


async def texts(page):
    await page.run("$('tokens').value = 60; $('seed').value = 3")
    await page.click("write")
    await page.until("(document.querySelector('.text pre')?.textContent ?? '').length > 60 && !writing")
    first = await page.run("(document.querySelector('.text pre')?.textContent ?? '')")
    assert first.startswith("ROMEO:"), first
    for label in ("Go on", "Fork"):
        await page.run(f"[...document.querySelectorAll('.text button')].find(own => own.textContent === '{label}').click()")
        await page.until("!writing && $('stop').disabled")
    await page.until("document.querySelectorAll('.text').length === 2 && !writing")
    both = await page.run("[...document.querySelectorAll('.text pre')].map(own => own.textContent)")
    assert both[0].startswith(first) and both[1].startswith(both[0]) and len(both[1]) > len(both[0]), both
    # the same seed writes the same text
    await page.run("$('seed').value = 3")
    await page.click("write")
    await page.until("document.querySelectorAll('.text').length === 1 && !writing && (document.querySelector('.text pre')?.textContent ?? '').length > 60")
    assert await page.run("(document.querySelector('.text pre')?.textContent ?? '')") == first
    await page.run("$('tokens').value = 60000")
    await page.click("write")
    await page.until("writing && (document.querySelector('.text pre')?.textContent ?? '').length > 300")
    await page.click("stop")
    await page.until("!writing")
    await page.run("[...document.querySelectorAll('.text button')].find(own => own.textContent === 'End').click()")
    await page.until("document.querySelectorAll('.text').length === 0")
    await page.run("$('tokens').value = 200; $('seed').value = 1")


async def steps(page):
    for click in ("send", "send", "fork", "send", "reset", "send", "again", "send"):
        before = await page.run("$('session').textContent + $('rows').textContent")
        await page.until("!$('send').disabled")
        await page.click(click)
        if click != "again":
            await page.until(f"$('session').textContent + $('rows').textContent !== {json.dumps(before)}")
    assert (await page.run("$('session').textContent")).startswith("session ")
    await page.click("send")
    await page.until("history.length < 2 || $('curves').getBoundingClientRect().height > 50")


async def whole(page, task):
    sample = samples.get(task)
    if sample is None:
        return
    files = [str(sample)] if sample.is_file() else [str(sorted(sample.glob("*.wav"))[0])]
    await page.choose(files)
    await page.click("predict")
    await page.until("document.querySelectorAll('#table tr').length > 1 && !$('predict').disabled")
    if task == "forecasting":
        await page.until("$('fan').getBoundingClientRect().height > 50 && $('fan').childElementCount > 3")
    if not sample.is_file() and await page.run("!$('record').hidden"):
        await page.run("$('table').replaceChildren()")
        await page.until("$('record').textContent === 'Record' && $('recording').textContent === ''")
        await page.click("record")
        await page.until("parseFloat($('recording').textContent) > 0.8")
        await page.click("record")
        await page.until("document.querySelectorAll('#table tr').length > 1 && !$('predict').disabled")


async def main():
    process = subprocess.Popen(
        [shutil.which("chromium") or shutil.which("google-chrome"), "--headless=new", "--no-sandbox", "--remote-debugging-port=0",
         f"--user-data-dir={scratch}/chromium", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "about:blank"],
        stderr=subprocess.PIPE, text=True)
    try:
        address = next(line.split()[-1] for line in process.stderr if "DevTools listening" in line)
        async with websockets.connect(address, max_size=1 << 26) as socket:
            page = Browser(socket)
            target = (await page.call("Target.createTarget", url="about:blank"))["targetId"]
            page.session = (await page.call("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
            for domain in ("Runtime", "Log", "Page", "DOM"):
                await page.call(f"{domain}.enable")
            await page.call("Page.navigate", url=f"http://127.0.0.1:{port}/")
            await page.until("typeof models !== 'undefined' && models.length > 0")
            tasks = await page.run("models.map(own => [own.id, own.task, own.writes, own.sessions, own.predicts])")
            for name, task, writes, sessions, predicts in tasks:
                await page.run(f"$('model').value = {json.dumps(name)}; $('model').onchange()")
                assert await page.run("!$('writing').hidden") == writes and await page.run("!$('stepping').hidden") == sessions
                if writes:
                    await texts(page)
                if sessions and await page.run("$('steps').value !== ''"):
                    await steps(page)
                if predicts:
                    await whole(page, task)
                assert await page.run("$('problem').textContent") == "", await page.run("$('problem').textContent")
            await page.until("$('figures').childElementCount === 7")
            for colours in ("light", "dark"):
                await page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": colours}])
                for width in (360, 1200):
                    await page.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
                    for name, task, writes, _, predicts in tasks:
                        await page.run(f"$('model').value = {json.dumps(name)}; $('model').onchange()")
                        if writes:
                            await page.run("$('tokens').value = 300")
                            await page.click("write")
                            await page.until("!writing && (document.querySelector('.text pre')?.textContent ?? '').length > 200")
                            await page.run("[...document.querySelectorAll('.text button')].find(own => own.textContent === 'Fork').click()")
                            await page.until("document.querySelectorAll('.text').length === 2 && !writing")
                        elif predicts:
                            await whole(page, task)
                        else:
                            for _ in range(3):
                                await page.click("send")
                                await page.until("!$('send').disabled")
                        await asyncio.sleep(0.3)
                        wide = await page.run("document.documentElement.scrollWidth")
                        assert wide <= width, f"{name} is {wide} wide in a window of {width}"
                        await page.picture(f"{name}-{colours}-{width}")
            # what is wrong is said, and only there
            assert page.problems == [], page.problems
            await page.run("$('model').value = 'layers'; $('model').onchange(); $('steps').value = '{'")
            await page.click("send")
            await page.until("$('problem').textContent !== ''")
    finally:
        process.terminate()
        process.wait(20)


asyncio.run(main())
