"""What this machine must have before any work begins; each missing thing is one sentence.

Run by the Makefile with whatever python3 the machine has, so it uses nothing but the standard
library and no syntax newer than Python 3.6.
"""

import errno
import os
import shutil
import socket
import subprocess
import sys
from importlib.util import find_spec

OLDEST_PYTHON = (3, 11)
# The shell without a window first: journeys take a third less of the processor with it.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SERVERS = ("nginx", "redis-server")
WITH_SBIN = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
HIGHEST_PORT = 65535
INSTALL = ("apt-get", "install", "-y", "--no-install-recommends")


class Missing(Exception):
    """Something is not there and could not be added; the message says what to do."""


def check_python():
    if sys.version_info < OLDEST_PYTHON:
        raise Missing(
            f"需要 Python 3.11 或更新的版本,现在的 {sys.executable} 是 {version()}。"
            "请安装后指定它,例如 make run PYTHON=python3.11。"
        )


def check_venv():
    if find_spec("venv") and find_spec("ensurepip"):
        return
    install_packages([f"python{version()}-venv"], "建立虚拟环境的 venv 模块")


def version():
    return "{}.{}".format(*sys.version_info)


def check_port(text):
    if not (text.isdigit() and 1 <= int(text) <= HIGHEST_PORT):
        raise Missing(f"PORT 应为 1 到 {HIGHEST_PORT} 的整数,现在是「{text}」。")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            reason = "已被占用" if error.errno == errno.EADDRINUSE else error.strerror
            raise Missing(
                f"127.0.0.1:{text} 不能使用:{reason}。"
                "请先停止占用它的程序,或换一个端口,例如 make run PORT=8001。"
            ) from error


def check_browser():
    """A Chromium and Chinese fonts: without the fonts pages show boxes and nothing complains."""
    wanted = []
    if not any(map(shutil.which, BROWSERS)) and not installed(BROWSERS[:1]):
        wanted.append("chromium")
    if not has_chinese_font():
        wanted.append("fonts-noto-cjk")
    if wanted:
        install_packages(wanted, "浏览器测试用的 Chromium 和中文字体")


def has_chinese_font():
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], stdout=subprocess.PIPE).stdout.strip())


def check_office():
    """The word processor whose pages tests measure; the launcher alone comes without it."""
    launcher = shutil.which("soffice")
    writer = launcher and os.path.join(os.path.dirname(os.path.realpath(launcher)), "libswlo.so")
    if not (writer and os.path.exists(writer)):
        install_packages(["libreoffice-writer-nogui"], "测量公文版面用的 LibreOffice Writer")


def check_servers():
    """Only said: a package would start a server on this machine beside the ones of the tests."""
    missing = [name for name in SERVERS if not shutil.which(name, path=WITH_SBIN)]
    if missing:
        print("没有 {}:用到它们的测试会跳过。".format("、".join(missing)), flush=True)


def check_gettext():
    """Only who edits the catalogues needs it: what it compiles is committed."""
    if not all(map(shutil.which, ("xgettext", "msgmerge", "msgfmt"))):
        install_packages(["gettext"], "收集和编译译文的 gettext 工具")


def check_clients():
    """What makes clients runs on Java and on Node; the generators themselves are no packages."""
    wanted = {"java": "default-jre-headless", "npm": "npm"}
    missing = [package for program, package in wanted.items() if not shutil.which(program)]
    if missing:
        install_packages(missing, "生成客户端用的 Java 和 Node")


def install_packages(names, purpose):
    """From the system's packages when that needs nobody's password, else say the command."""
    if not installed(names):
        raise Missing(f"缺少{purpose}。请运行:sudo {' '.join((*INSTALL, *names))}")


def installed(names):
    """Whether the system's packages could be installed now."""
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (as_root and not shutil.which("sudo")):
        return False
    print(f"安装系统软件包:{' '.join(names)} …", flush=True)
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    for step in (["apt-get", "update", "-qq"], [*INSTALL, *names]):
        done = subprocess.run(as_root + environment + step, stdout=subprocess.DEVNULL)
    return done.returncode == 0


CHECKS = {
    "python": check_python,
    "venv": check_venv,
    "browser": check_browser,
    "office": check_office,
    "servers": check_servers,
    "gettext": check_gettext,
    "clients": check_clients,
}


def main(arguments):
    """``preflight.py python port 8000`` checks both in that order."""
    rest = iter(arguments)
    try:
        for name in rest:
            if name == "port":
                check_port(next(rest))
            else:
                CHECKS[name]()
    except Missing as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main(sys.argv[1:])
