package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func writeConfig(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "headwater.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	file := writeConfig(t, `{"listen": "127.0.0.1:0", "data": "`+base+`/file", "max-depth": 7, "http-timeout": "3s", "sample": false, "trusted-proxies": ["10.0.0.0/8", "::1"]}`)
	tests := map[string]struct {
		environment, args []string
		data              string
		depth             string // the greatest that passes
	}{
		"the file":                     {nil, []string{"--config", file}, base + "/file", "7"},
		"the file by its variable":     {[]string{"HEADWATER_CONFIG=" + file}, nil, base + "/file", "7"},
		"a variable over the file":     {[]string{"HEADWATER_DATA=" + base + "/env", "HEADWATER_MAX_DEPTH=6"}, []string{"--config", file}, base + "/env", "6"},
		"a flag over both":             {[]string{"HEADWATER_DATA=" + base + "/env", "HEADWATER_MAX_DEPTH=6"}, []string{"--config", file, "--data", base + "/flag", "--max-depth=5"}, base + "/flag", "5"},
		"no file, flags and variables": {[]string{"HEADWATER_LISTEN=127.0.0.1:0", "HEADWATER_MAX_DEPTH=4"}, []string{"--data", base + "/flag2"}, base + "/flag2", "4"},
		"defaults":                     {nil, []string{"--listen", "127.0.0.1:0"}, "data", "20"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, test.environment, append([]string{"serve"}, test.args...)...)
			if !strings.Contains(r.greeting, "serves the data folder "+test.data+".") {
				t.Errorf("greeted %s", r.greeting)
			}
			deep := strings.Repeat("{next", 30) + "{title" + strings.Repeat("}", 32)
			if got := r.ask(t, `{"query":"{post(slug:\"a\")`+deep+`"}`); !strings.Contains(got, "at most "+test.depth+" levels") {
				t.Errorf("answered %s", got)
			}
		})
	}
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		environment, args []string
		contains          string
	}{
		"nothing":                         {nil, nil, "expected one of"},
		"an unknown command":              {nil, []string{"fly"}, "fly"},
		"an unknown flag":                 {nil, []string{"serve", "--fly"}, "--fly"},
		"an address without a port":       {nil, []string{"serve", "--listen", "localhost"}, "--listen"},
		"a limit of zero":                 {nil, []string{"serve", "--max-depth", "0"}, "--max-depth must be at least 1"},
		"a limit below zero":              {nil, []string{"serve", "--http-drain=-1s", "--max-depth", "0"}, "--http-drain must be at least 0"},
		"an address with a path":          {nil, []string{"serve", "--url", "https://pond.example/api"}, "--url"},
		"an address without a scheme":     {nil, []string{"serve", "--url", "pond.example"}, "--url"},
		"a network that is none":          {nil, []string{"serve", "--trusted-proxies", "10.0.0.0/40"}, "--trusted-proxies"},
		"a number below zero":             {nil, []string{"serve", "--requests-per-minute=-1"}, "--requests-per-minute"},
		"an introspection by the way":     {nil, []string{"serve", "--introspection", "sometimes"}, "--introspection"},
		"sign-up without mail":            {nil, []string{"serve", "--sign-up"}, "--sign-up needs --smtp-host"},
		"mail without a server":           {nil, []string{"serve", "--smtp-from", "pond@example.org"}, "--smtp-host is missing"},
		"mail without a sender":           {nil, []string{"serve", "--smtp-host", "localhost"}, "--smtp-from"},
		"mail by a user alone":            {nil, []string{"serve", "--smtp-host", "localhost", "--smtp-from", "pond@example.org", "--smtp-user", "pond"}, "--smtp-user and a password"},
		"mail by a password that flies":   {nil, []string{"serve", "--smtp-password", "x"}, "--smtp-password"},
		"a password in no file":           {nil, []string{"serve", "--smtp-host", "localhost", "--smtp-from", "pond@example.org", "--smtp-password-file", "/nowhere/at/all"}, "--smtp-password-file: open /nowhere/at/all"},
		"mail that leads to nowhere":      {nil, []string{"serve", "--smtp-host", "localhost", "--smtp-from", "pond@example.org"}, "--smtp-host needs --url, or all of --confirm-link, --reset-link and --invite-link"},
		"mail that half leads nowhere":    {nil, []string{"serve", "--smtp-host", "localhost", "--smtp-from", "pond@example.org", "--confirm-link", "https://pond.example/#{token}", "--reset-link", "https://pond.example/#{token}"}, "--smtp-host needs --url"},
		"a link without a token":          {nil, []string{"serve", "--reset-link", "https://pond.example/reset"}, "--reset-link must hold {token} behind a #"},
		"a token that a server sees":      {nil, []string{"serve", "--invite-link", "https://pond.example/?t={token}#invite"}, "--invite-link must hold {token} behind a #"},
		"a token that a server sees, too": {nil, []string{"serve", "--invite-link", "https://pond.example/{token}#{token}"}, "--invite-link must hold {token} behind a #"},
		"a link in the open":              {nil, []string{"serve", "--confirm-link", "http://pond.example/#{token}"}, "--confirm-link must begin with https://"},
		"a link to no host":               {nil, []string{"serve", "--confirm-link", "https:///#{token}"}, "--confirm-link must begin with https://"},
		"a link that is none":             {nil, []string{"serve", "--confirm-link", "pond.example#{token}"}, "--confirm-link must begin with https://"},
		"sessions that end at once":       {nil, []string{"serve", "--session-staff-idle", "1s"}, "--session-staff-idle"},
		"sessions that end before idle":   {nil, []string{"serve", "--session-reader-absolute", "1h"}, "--session-reader-absolute"},
		"a limit that is no number":       {[]string{"HEADWATER_MAX_DEPTH=deep"}, []string{"serve"}, "HEADWATER_MAX_DEPTH"},
		"a number for commands":           {nil, []string{"serve", "--node", "512"}, "--node must be 0 to 511"},
		"events kept for an hour":         {nil, []string{"serve", "--raw-for", "1h"}, "--raw-for"},
		"an unknown log format":           {nil, []string{"serve", "--log-format", "xml"}, "log-format"},
		"a file that is not there":        {nil, []string{"serve", "--config", "/nowhere/at/all.json"}, "/nowhere/at/all.json"},
		"a file that is no JSON":          {nil, []string{"serve", "--config", writeConfig(t, `listen: 80`)}, "not a JSON object"},
		"a file with two values":          {nil, []string{"serve", "--config", writeConfig(t, `{} {}`)}, "something behind"},
		"a file with an unknown name":     {nil, []string{"serve", "--config", writeConfig(t, `{"listne": ":80", "dta": "x"}`)}, "dta, listne"},
		"a file that changes the site":    {nil, []string{"site", "--config", writeConfig(t, `{"title": "x"}`)}, "title"},
		"a file with a wrong value":       {nil, []string{"serve", "--config", writeConfig(t, `{"max-depth": "deep"}`)}, "max-depth"},
		"a time zone that there is not":   {nil, []string{"site", "--time-zone", "Mars/Base"}, "--time-zone"},
		"all faults of a site":            {nil, []string{"site", "--time-zone", "Mars/Base", "--url", "x", "--title", ""}, "--title"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, log := runProgram(t, test.environment, test.args...)
			if code != exitUsage || !strings.Contains(log, test.contains) || out != "" || strings.Contains(log, "--config=FILE") {
				t.Errorf("exit code %d, %q, %s", code, out, log)
			}
		})
	}
}

func TestSite(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	code, before, log := runProgram(t, nil, "site", "--data", folder, "--language", "de")
	if code != 0 || !strings.Contains(before, "Headwater") {
		t.Fatalf("exit code %d: %s%s", code, before, log)
	}
	code, after, log := runProgram(t, []string{"HEADWATER_TITLE=no"}, "site", "--data", folder, "--title", "The Upper Pond", "--post-url", "https://pond.example/{slug}", "--no-shows-views")
	for _, want := range []string{"The Upper Pond", "https://pond.example/{slug}", "shows-views  false", "time-zone    UTC"} {
		if code != 0 || !strings.Contains(after, want) {
			t.Errorf("exit code %d, no %q: %s%s", code, want, after, log)
		}
	}
	if _, shown, _ := runProgram(t, nil, "site", "--data", folder); shown != after {
		t.Errorf("changed to %s, shown as %s", after, shown)
	}
}

func TestHelpAndVersion(t *testing.T) {
	t.Parallel()
	for _, asked := range []string{"version", "--version"} {
		if code, out, _ := runProgram(t, nil, asked); code != 0 || out != "headwater dev\n" {
			t.Errorf("%s: exit code %d: %s", asked, code, out)
		}
	}
	code, out, _ := runProgram(t, nil, "serve", "--help")
	for _, want := range []string{"--listen", "127.0.0.1:8080", "HEADWATER_LISTEN", "--max-depth", "HEADWATER_HTTP_BODY", "--sample", "1048576"} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("exit code %d, no %q: %s", code, want, out)
		}
	}
	code, out, _ = runProgram(t, nil, "--help")
	for _, want := range []string{"serve", "import posts", "import log", "site", "user add", "client change", "key rotate", "version", "--config"} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("exit code %d, no %q: %s", code, want, out)
		}
	}
}

func TestVariablesAreNamedAsFlagsAre(t *testing.T) {
	t.Parallel()
	_, help, _ := runProgram(t, nil, "serve", "--help")
	found := regexp.MustCompile(`--([a-z0-9-]+)(?:[^$-]|-[^-])*?\(\$(HEADWATER_[A-Z0-9_]+)\)`).FindAllStringSubmatch(help, -1)
	if len(found) < 40 {
		t.Fatalf("%d settings are told of", len(found))
	}
	for _, setting := range found {
		if want := "HEADWATER_" + strings.ToUpper(strings.ReplaceAll(setting[1], "-", "_")); setting[2] != want {
			t.Errorf("%s is the variable of --%s", setting[2], setting[1])
		}
	}
}

// TestHelpShowsDefaults reads in the help of commands what holds where a flag is not given.
func TestHelpShowsDefaults(t *testing.T) {
	t.Parallel()
	for command, defaults := range map[string][]string{
		"serve":            {`--data="data"`, `--listen="127.0.0.1:8080"`, `--introspection="auto"`},
		"import posts":     {`--author="Unknown"`},
		"import wordpress": {`--author="Unknown"`},
		"user add":         {`--role="READER"`},
		"client add":       {`--requests-per-minute=6000`},
		"key add":          {`--kind="PUBLISHABLE"`},
		"webhook add":      {`--event=POST_PUBLISHED,POST_CHANGED,POST_REMOVED`},
		"webhook rotate":   {`--grace=24h`},
	} {
		code, out, _ := runProgram(t, nil, append(strings.Fields(command), "--help")...)
		for _, want := range defaults {
			if code != 0 || !strings.Contains(out, want) {
				t.Errorf("exit code %d: %s --help has no %s: %s", code, command, want, out)
			}
		}
	}
}
