"""Drives a Chromium 65 (QtWebEngine 5.11) by lines of JSON: [command, ...] comes in, its result goes out.

Run by set_up.py's Python under Xvfb, outside the test process: Qt needs the main thread, and may crash.
"""

from __future__ import annotations

import json
import os
import sys

os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = "--no-sandbox --disable-gpu"
os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # of 2018; it only opens pages of this computer

from PyQt5.QtCore import QCoreApplication, QEventLoop, QPoint, Qt, QTimer, QUrl
from PyQt5.QtTest import QTest
from PyQt5.QtWebEngineWidgets import QWebEnginePage, QWebEngineSettings, QWebEngineView
from PyQt5.QtWidgets import QApplication

ANSWER_TIMEOUT_MS = 20_000  # timeout of an answer in milliseconds
QCoreApplication.setAttribute(Qt.AA_UseSoftwareOpenGL)
heard = []
application = QApplication(["chromium-65", "--no-sandbox"])


class Page(QWebEnginePage):
    """A page that records its console."""

    def javaScriptConsoleMessage(self, level, message, line, source):
        """Called by Qt."""
        if level:
            heard.append(f"{source}:{line} {message}")


view = QWebEngineView()
page = Page(view)
view.setPage(page)
page.settings().setAttribute(QWebEngineSettings.ShowScrollBars, False)  # like phones
view.show()


def wait(begin):
    """Run the browser until `begin`'s callback is called; return its argument."""
    loop, given = QEventLoop(), []

    def end(value):
        given.append(value)
        loop.quit()

    begin(end)
    QTimer.singleShot(ANSWER_TIMEOUT_MS, loop.quit)
    if not given:
        loop.exec_()
    return given[0] if given else "no answer"


def size(width, height):
    view.resize(width, height)
    pause(100)


def pause(milliseconds):
    wait(lambda end: QTimer.singleShot(milliseconds, lambda: end(None)))


def open(address):
    def begin(end):
        page.loadFinished.connect(end)
        page.load(QUrl(address))

    done = wait(begin)
    page.loadFinished.disconnect()
    return done


def run(script):
    return wait(lambda end: page.runJavaScript(script, end))


def click(x, y):
    """A mouse click, as the system sends it; x, y: pixels from the window's corner."""
    QTest.mouseClick(view.focusProxy(), Qt.LeftButton, Qt.NoModifier, QPoint(int(x), int(y)))
    pause(100)


def type(text):
    """Keys, one after the other; a name such as "Key_Tab" is one key."""
    for each in [getattr(Qt, text)] if text.startswith("Key_") else text:
        QTest.keyClick(view.focusProxy(), each)
    pause(100)


def picture(path):
    return view.grab().save(path)


def said():
    found = [*heard]
    heard.clear()
    return found


print(json.dumps("ready"), flush=True)
for asked in sys.stdin:
    what, *values = json.loads(asked)
    print(json.dumps(globals()[what](*values)), flush=True)
os._exit(0)  # Qt's shutdown is slow, and may crash
