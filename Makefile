# 督办 Duban. `make run` and `make test` do all their set-up; nothing else is needed by hand.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run venv test check fix bench soak words lock
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
PIP = $(BIN)/python -m pip -qq --disable-pip-version-check
LOCK = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header $(UPGRADE)

help: ## 本说明 / this help
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/ready ## 启动督办：服务、排程、邮件（Ctrl-C 结束） / start everything, one Ctrl-C ends it
	@exec $(BIN)/duban up

venv: .venv/ready-dev ## 开发环境 / the developer's environment in .venv
	@echo "开发环境已就绪 / ready: $$($(BIN)/python -V), $(BIN)"

test: .venv/ready-dev ## 全部测试 / every test
	@$(BIN)/python -m pytest -q -n 2 --dist loadgroup

check: .venv/ready-dev ## 格式、类型、房间之间的箭头 / style, types, arrows between the rooms
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

fix: .venv/ready-dev ## 自动整理格式 / mend what can be mended by itself
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

bench: .venv/ready-dev ## 性能承诺，逐项与上限相比 / every speed promise with its limit
	@$(BIN)/python -m benchmarks

soak: .venv/ready-dev ## 足数的可靠性试验（很久） / the reliability proofs at full count (long)
	@$(BIN)/python -m pytest -q -n 2 --dist loadgroup --full

words: .venv/ready-dev ## 编译命令行的中文词表 / compile the command line's Chinese words
	@$(BIN)/pybabel --quiet compile -d duban/locale -D duban

lock: .venv/ready-dev ## 重写锁定文件（UPGRADE=--upgrade 升级） / rewrite the lock files
	@$(LOCK) -o requirements.lock
	@$(LOCK) --group dev -c requirements.lock -o requirements-dev.lock
	@$(LOCK:pyproject.toml=) --group setup -c requirements-dev.lock -o requirements-setup.lock

# ---- set-up; a second call finds the stamps and starts at once ----

.venv/ready: .venv/ready-setup requirements.lock pyproject.toml
	@echo "安装督办所需的软件包 / installing what Duban needs …"
	@$(PIP) install --no-compile --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	@echo "安装测试工具 / installing the test tools …"
	@# the same tests run on PostgreSQL too; without it (and outside CI) they run on SQLite alone
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || ( $(call debian,postgresql) ) || true
	@# real mail servers for the journal's and the inbox's proofs
	@for one in dovecot postfix swaks; do PATH=$$PATH:/usr/sbin command -v $$one; done | wc -l | \
	  grep -qx 3 || ( $(call debian,dovecot-imapd dovecot-lmtpd postfix swaks libnet-ssleay-perl) )
	@# a real browser, with letters for every Chinese name, for the portal's stories
	@command -v chromium >/dev/null || ( $(call debian,chromium) )
	@# a real virus scanner, and what breaks system calls, for the proofs about uploads
	@PATH=$$PATH:/usr/sbin command -v clamd >/dev/null || ( $(call debian,clamav-daemon) )
	@command -v strace >/dev/null || ( $(call debian,strace) )
	@fc-list :lang=zh-cn 2>/dev/null | grep -q Noto || ( $(call debian,fontconfig fonts-noto-cjk) )
	@$(PIP) install --no-compile --require-hashes -r requirements-dev.lock
	@touch $@

.venv/ready-setup: requirements-setup.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "需要 Python 3.11 或更新版本 / Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(call debian,python3-venv) }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(PIP) install --no-compile --require-hashes -r requirements-setup.lock
	@touch $@

# $(call debian,PACKAGES): by apt where root or sudo is there, otherwise one line that names them.
debian = root=$$([ "$$(id -u)" = 0 ] || echo "sudo -n"); \
	if command -v apt-get >/dev/null && $$root true 2>/dev/null; then \
	  echo "安装系统软件包 / installing Debian packages: $(1) …"; \
	  $$root apt-get update -qq && $$root env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -qq -y --no-install-recommends $(1) >/dev/null; \
	else echo "缺少系统软件包，请运行 / missing, please run: sudo apt-get install $(1)" >&2; exit 1; fi;
