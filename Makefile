# install, run, test, check, bench: everything a newcomer needs. Settings: see .env.example.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

# One stamp per state of the requirement files: an unchanged list is never installed again.
fingerprint = $(shell cat $(1) | sha256sum | cut -c1-16)
RUNTIME := $(VENV)/runtime-$(call fingerprint,requirements.txt)
TOOLS := $(VENV)/tools-$(call fingerprint,requirements.txt requirements-dev.txt)

# What `check` needs of a production environment; the key lives for one command.
PRODUCTION = env DEBUG=0 SECRET_KEY=$$(head -c 64 /dev/urandom | base64 -w0) \
	ALLOWED_HOSTS=portal.example.cn DATABASE_URL=sqlite://:memory:

.DEFAULT_GOAL := help
.PHONY: help install run test check bench screenshots messages port

help:
	@echo "make install      建立 .venv 并安装依赖"
	@echo "make run          在本机试用:http://127.0.0.1:$(PORT)/(PORT=、DEMO=0、DEMO_PASSWORD= 可改)"
	@echo "make test         全部检查和测试:SQLite、PostgreSQL、浏览器"
	@echo "make check        格式、类型、部署检查、迁移、依赖方向"
	@echo "make bench        性能测量"
	@echo "make screenshots  重新生成 README 里的图"
	@echo "make messages     收集要译成英文的文字,编译译文"

install: $(RUNTIME)

$(RUNTIME):
	@$(PYTHON) preflight.py python venv
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "安装运行依赖 …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@rm -f $(VENV)/runtime-* && touch $@

$(TOOLS): | $(RUNTIME)
	@echo "安装测试和检查工具 …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@rm -f $(VENV)/tools-* && touch $@

port:
	@$(PYTHON) preflight.py python port $(PORT)

# Without a .env file this is a trial on one's own machine.
ifeq ($(wildcard .env),)
run: export DEBUG ?= 1
endif
run: port | $(RUNTIME)
	@$(BIN)/python manage.py serve --port $(PORT) $(if $(filter 0,$(DEMO)),--no-demo)

check: $(TOOLS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(PRODUCTION) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest tests/test_architecture.py
	$(BIN)/python -m tests.house

test: check
	@$(PYTHON) preflight.py browser
	@$(BIN)/python -m tests.everything

bench: $(TOOLS)
	@$(BIN)/python -m benchmarks

screenshots: $(TOOLS)
	@$(PYTHON) preflight.py browser
	@$(BIN)/python -m tests.journeys.screenshots

# Chinese in the source, English in locale/en; both files of it are committed.
messages: | $(RUNTIME)
	@$(PYTHON) preflight.py gettext
	@DEBUG=1 $(BIN)/python manage.py makemessages -l en --no-wrap --no-obsolete \
		--add-location file --ignore tests --ignore benchmarks --ignore var
	@DEBUG=1 $(BIN)/python manage.py compilemessages --ignore $(VENV)
