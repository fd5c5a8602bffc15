# install, run, test, check, bench: everything a newcomer needs. Settings: see .env.example.
PYTHON ?= python3
PORT ?= 8000
SHARE ?= 0.05
LONGEST ?= 3000
VENV := .venv
BIN := $(VENV)/bin

# One stamp per state of the requirement files: an unchanged list is never installed again.
fingerprint = $(shell cat $(1) | sha256sum | cut -c1-16)
RUNTIME := $(VENV)/runtime-$(call fingerprint,requirements.lock)
TOOLS := $(VENV)/tools-$(call fingerprint,requirements.lock requirements-dev.lock)
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help install run test check types order lock bench journeys drill load sbom cluster clients screenshots messages port

help:
	@echo "make install      建立 .venv 并安装依赖"
	@echo "make run          在本机试用:http://127.0.0.1:$(PORT)/(PORT=、DEMO=0、DEMO_PASSWORD= 可改)"
	@echo "make test         全部检查和测试:SQLite、PostgreSQL、浏览器,以及演练的二十分之一(SHARE=);PostgreSQL 做过的 SQLite 只再做八分之一(WHOLE=1 全做,并量覆盖率);测试超过 LONGEST 秒就不演练"
	@echo "make check        格式、类型、部署检查、迁移、依赖方向"
	@echo "make bench        性能测量(BASE=另一份代码的目录,与它逐项比较)"
	@echo "make journeys     有预算的路程:每条点几次、开几页、多少字节、几条查询(基线在 tests/journeys/budgets.csv)"
	@echo "make sbom         重新生成 docs/compliance 里的组件清单和许可"
	@echo "make drill        演练:耗时或破坏太大的检查,结果记在 docs/drills.md(可中断,接着做)"
	@echo "make load         在本机起一台机器的门户,每秒 100 次请求、41 份工作簿,看等多久(ARGS=\"--minutes 1\"、\"--soak 30\")"
	@echo "make cluster      在本机起一套多机器的门户:nginx、两个 web、两个后台、主库和副本、Redis"
	@echo "make clients      由接口文档生成四种客户端,逐项调用(需要 Java 和 Node)"
	@echo "make lock         改了 requirements 之后重新锁定依赖及其散列"
	@echo "make screenshots  重新生成 README、样张和指南的图"
	@echo "make messages     收集要译成英文的文字,编译译文"

install: $(RUNTIME)

$(RUNTIME):
	@$(PYTHON) preflight.py python venv
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "安装运行依赖 …"
	@$(INSTALL) -r requirements.lock
	@rm -f $(VENV)/runtime-* && touch $@

$(TOOLS): | $(RUNTIME)
	@echo "安装测试和检查工具 …"
	@$(INSTALL) -r requirements-dev.lock
	@rm -f $(VENV)/tools-* && touch $@

# From requirements*.txt: every package with all that it needs, and the hash of every file.
lock: | $(RUNTIME)
	@$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet pip-tools
	@for name in requirements requirements-dev; do \
		$(VENV)/lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
			--no-emit-index-url --no-emit-find-links --no-annotate --no-header \
			--output-file $$name.lock $$name.txt || exit 1; done

port:
	@$(PYTHON) preflight.py python port $(PORT)

# Without a .env file this is a trial on one's own machine.
ifeq ($(wildcard .env),)
run: export DEBUG ?= 1
endif
run: port | $(RUNTIME)
	@$(BIN)/python manage.py serve --port $(PORT) $(if $(filter 0,$(DEMO)),--no-demo)

# Types and rules of the house side by side; each part's lines come together.
check: $(TOOLS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@$(MAKE) --no-print-directory --output-sync=target --jobs=2 types order
	$(BIN)/python -m tests.house

types:
	$(BIN)/mypy

# Floors, layers, deployment check, missing migrations, bad settings: nothing here needs a database.
order:
	$(BIN)/python -m pytest -p no:schemathesis tests/test_architecture.py

test: check
	@$(PYTHON) preflight.py browser office servers
	@begun=$$(date +%s); $(BIN)/python -m tests.everything || exit 1; \
	if [ $$(($$(date +%s) - begun)) -lt $(LONGEST) ]; then $(BIN)/python -m drills --share $(SHARE); \
	else echo "测试用了 $(LONGEST) 秒以上,没有演练;请另跑 make drill"; fi

bench: $(TOOLS)
	@$(BIN)/python -m benchmarks

# The journeys with a budget, as the suite walks them, and their table.
journeys: $(TOOLS)
	@$(PYTHON) preflight.py browser
	@$(BIN)/python -m pytest -m budget tests/journeys

# What takes too long for every run; a finished one is kept in docs/drills.md.
drill: $(TOOLS)
	@$(PYTHON) preflight.py browser office servers
	@$(BIN)/python -m drills

# One machine's portal on loopback under the mix of drills/mix.toml; nothing is kept.
load: $(TOOLS)
	@$(PYTHON) preflight.py servers
	@$(BIN)/python -m drills.load $(ARGS)

# What the lock names: CycloneDX and licences.
sbom: $(TOOLS)
	@$(BIN)/python -m tests.components

# Parts on loopback ports, in a folder of their own; Ctrl-C ends and removes all of it.
cluster: $(TOOLS)
	@$(PYTHON) preflight.py servers
	@$(BIN)/python -m drills.cluster_parts

# Made from the schema of a portal started for it; the tools are kept beside ours.
clients: $(TOOLS)
	@$(PYTHON) preflight.py clients
	@$(BIN)/python -m tests.clients $(VENV)/clients

screenshots: $(TOOLS)
	@$(PYTHON) preflight.py browser
	@$(BIN)/python -m tests.journeys.screenshots
	@DEBUG=1 $(BIN)/python manage.py shell -c "from tests.journeys.guide_pictures import main; main()"

# Chinese in the source, English in locale/en; both files of it are committed.
messages: | $(RUNTIME)
	@$(PYTHON) preflight.py gettext
	@DEBUG=1 $(BIN)/python manage.py makemessages -l en --no-wrap --no-obsolete \
		--add-location file --ignore tests --ignore benchmarks --ignore var
	@DEBUG=1 $(BIN)/python manage.py compilemessages --ignore $(VENV)
