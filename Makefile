# Headwater: `make run` serves it with a sample, `make test` tests it, `make check` is all that CI does.

export GOFLAGS := $(GOFLAGS) -tags=sqlite_fts5
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
VERSITYGW := github.com/versity/versitygw/cmd/versitygw@v1.0.14
UNRACED := TestPermissions|TestFirstValuesEqualAllFigures|TestImportRealBlog|TestGoldenOverARealBlog|TestRelatedPostsAreThoseThatPeopleCalledClose|TestExportsWithoutAnEndAreRefused|TestDamagedAndForgedArchivesAreRefused
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: help run build test test-browser test-s3 check lint generate generated playground playground-check bench bench-check

help:
	@echo 'make run          build, and serve ./data with the sample on http://127.0.0.1:8080 (HEADWATER_LISTEN=HOST:PORT elsewhere)'
	@echo 'make build        bin/headwater'
	@echo 'make test         every test that needs Go and a C compiler alone'
	@echo 'make test-browser the playground in a real browser (needs Node and Chromium)'
	@echo 'make test-s3      files kept by a server that speaks S3 (fetches one)'
	@echo 'make check        all that CI does'
	@echo 'make generate     make graph/gen anew from schema.graphqls'
	@echo 'make playground   bundle the playground anew (needs Node)'
	@echo 'make bench        measure beside what one would use instead, and write docs/performance.md (needs Node, and two cores)'

run: build
	@bin/headwater serve --data data --sample

build:
	@go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/headwater ./server

test:
	@echo 'The first run compiles SQLite, which takes a minute or two.'
	go test -race -timeout 20m -skip '^($(UNRACED))$$' ./...
	@echo 'Without the race detector: what does one thing behind the other, thousands of times, and takes ten times as long with it; what compares'
	@echo 'times, which it stretches; and more of what is random.'
	go test -run '^($(UNRACED))$$' ./graph ./server ./store ./transfer
	go test -run '^TestSigningInTakesAsLongForWhoIsUnknown$$' ./logic/account
	go test -run '^TestTheExecutorsAgree$$' ./graph -operations 20000
	HEADWATER_CACHE_STEPS=100000 go test -timeout 20m -run '^TestKeptAnswersAreFresh$$' ./server/httpd
	@echo
	@echo 'Not run here: the playground in a real browser. It needs Node 20 and Chromium: make test-browser'
	@if [ ! -x "$$HEADWATER_S3_SERVER" ]; then echo 'Not run here: files kept by a server that speaks S3: make test-s3'; fi
	@if [ ! -d "$$HEADWATER_REAL_DATA" ]; then \
	  echo 'Not run here: tests over a real blog and a real access log. HEADWATER_REAL_DATA names the folder that holds them.'; fi

test-browser:
	@command -v node >/dev/null || { echo 'Node 20 or later is needed: https://nodejs.org, or your system'"'"'s package nodejs'; exit 1; }
	@test -n '$(CHROMIUM)' || { echo 'Chromium is needed: your system'"'"'s package chromium, or CHROMIUM=/path/to/chromium'; exit 1; }
	@test -d web/browsertest/node_modules || { echo 'playwright-core is needed: (cd web/browsertest && npm ci)'; exit 1; }
	CHROMIUM='$(CHROMIUM)' go test -count=1 -tags=sqlite_fts5,browser ./web/browsertest

check: lint generated playground-check test bench-check test-browser test-s3

# Files are kept by a server that speaks S3, as by a folder: versitygw is one that go install can fetch.
test-s3:
	GOBIN='$(CURDIR)/bin' go install $(VERSITYGW)
	HEADWATER_S3_SERVER='$(CURDIR)/bin/versitygw' go test -count=1 ./files ./server -run 'S3|TestFiles|NotKept'

lint:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo 'not formatted:'; gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	@go mod tidy -diff

generate:
	go generate ./...

# A change of schema.graphqls without its generated code, or an edit by hand, fails here.
generated: generate
	@test -z "$$(git status --porcelain -- graph/gen)" || { git status --short -- graph/gen; echo 'graph/gen is not what make generate writes: run it and commit'; exit 1; }

playground:
	cd tools/playground && npm ci && go run .

playground-check:
	@test -d tools/playground/node_modules || { echo 'the packages of the playground are needed: (cd tools/playground && npm ci)'; exit 1; }
	cd tools/playground && go vet ./... && go test ./... && go run . -check

# The peers' packages are pinned by their own go.mod and package-lock.json; better-sqlite3 is compiled, which takes a minute or two.
bench: bench/peers/mercurius/node_modules
	go run ./bench -docs docs

bench/peers/mercurius/node_modules: bench/peers/mercurius/package-lock.json
	@command -v node >/dev/null || { echo 'Node 20 or later is needed: https://nodejs.org, or your system'"'"'s package nodejs'; exit 1; }
	@echo 'Installing the packages of bench/peers/mercurius, which Headwater is measured against …'
	cd bench/peers/mercurius && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# What needs neither Node nor a long compilation: the others are compared whenever figures are made.
bench-check:
	go run ./bench -short -servers 'headwater,headwater cached,gqlgen,sql by hand,stored bytes'
