# SPDX-License-Identifier: GPL-2.0-only
"""Opens a page in headless Chromium and prints what JavaScript expressions there give, one a line.

browse.py FILE [--no-script] [--width N] [--dark] EXPRESSION...

An expression is evaluated in the page, by the browser's debugger, so without scripts too. "click SELECTOR" and
"type SELECTOR TEXT" do what a person does: with the mouse and the keyboard.
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

SECONDS = 60


class Browser:
    def __init__(self, folder, options):
        to_read, self.to = os.pipe()
        self.back, to_write = os.pipe()

        def wire():
            os.dup2(to_read, 10)
            os.dup2(to_write, 11)
            os.dup2(10, 3)
            os.dup2(11, 4)

        self.child = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe",
             "--user-data-dir=" + folder, *options], preexec_fn=wire, pass_fds=(3, 4), env={**os.environ, "TMPDIR": folder},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(to_read)
        os.close(to_write)
        self.number, self.rest = 0, b""

    def call(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.rest:
                more = os.read(self.back, 1 << 16)
                if not more:
                    sys.exit("chromium ended")
                self.rest += more
            line, self.rest = self.rest.split(b"\0", 1)
            answer = json.loads(line)
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit("%s: %s" % (method, answer["error"]["message"]))
                return answer["result"]

    def end(self):
        os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()


def main():
    arguments = sys.argv[1:]
    file = pathlib.Path(arguments.pop(0)).resolve().as_uri()
    script, width, options = True, 1280, []
    while arguments and arguments[0].startswith("--"):
        option = arguments.pop(0)
        if option == "--no-script":
            script = False
        elif option == "--dark":
            options.append("--blink-settings=preferredColorScheme=0")
        elif option == "--width":
            width = int(arguments.pop(0))
        else:
            sys.exit("unknown option " + option)
    signal.alarm(SECONDS)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(folder, options)
        try:
            target = browser.call("Target.createTarget", url="about:blank")["targetId"]
            session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

            def page(method, **parameters):
                return browser.call(method, session, **parameters)

            def value(expression):
                result = page("Runtime.evaluate", expression=expression, returnByValue=True)
                if "exceptionDetails" in result:
                    sys.exit("%s: %s" % (expression, result["result"].get("description", "an exception")))
                return result["result"].get("value")

            page("Emulation.setDeviceMetricsOverride", width=width, height=1000, deviceScaleFactor=1, mobile=False)
            page("Emulation.setScriptExecutionDisabled", value=not script)
            page("Page.enable")
            page("Page.navigate", url=file)
            while value("document.readyState") != "complete" or value("location.href") == "about:blank":
                pass
            for one in arguments:
                words = one.split(" ", 2)
                if words[0] not in ("click", "type"):
                    print(value(one))
                    continue
                place = value("(() => { const e = document.querySelector(%s); e.scrollIntoView({block: 'center'});"
                              "const r = e.getBoundingClientRect(); return [r.x + Math.min(r.width, 30) / 2, r.y + r.height / 2]; })()"
                              % json.dumps(words[1] if words[0] == "type" else one[6:]))
                for kind in ("mousePressed", "mouseReleased"):
                    page("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)
                if words[0] == "type":
                    page("Input.insertText", text=words[2])
        finally:
            browser.end()


main()
