package main

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseProxies(t *testing.T) {
	t.Parallel()
	networks, err := parseProxies([]string{"10.0.0.0/8", "192.0.2.7", "::1", "2001:db8::/32"})
	if got, want := fmt.Sprint(networks), "[10.0.0.0/8 192.0.2.7/32 ::1/128 2001:db8::/32]"; err != nil || got != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
	for _, wrong := range []string{"", "pond.example", "10.0.0.0/33", "10.0.0"} {
		if networks, err := parseProxies([]string{wrong}); err == nil {
			t.Errorf("%q is %v", wrong, networks)
		}
	}
}

func TestIsOrigin(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"https://pond.example": true, "http://localhost:8080": true, "http://[::1]:8080": true,
		"https://pond.example/": false, "https://pond.example/api": false, "https://user@pond.example": false, "https://pond.example?x": false,
		"ftp://pond.example": false, "pond.example": false, "https://": false, "": false,
	} {
		if isOrigin(text) != want {
			t.Errorf("%q is one: %v", text, !want)
		}
	}
}

// TestAddressesWhereBrowsersCantSignIn looks which addresses the log warns of.
func TestAddressesWhereBrowsersCantSignIn(t *testing.T) {
	t.Parallel()
	own := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	all := &net.TCPAddr{IP: net.IPv6zero, Port: 8080}
	tests := map[string]struct {
		url       string
		listening net.Addr
		warns     string
	}{
		"this machine":             {"", own, ""},
		"every network":            {"", all, "--url does not say"},
		"https behind a proxy":     {"https://pond.example", own, ""},
		"https and every network":  {"https://pond.example", all, ""},
		"http to others":           {"http://pond.example", all, "over https alone"},
		"http to the machine":      {"http://localhost:8080", all, ""},
		"http to the machine, too": {"http://[::1]:8080", own, ""},
	}
	for name, test := range tests {
		var log strings.Builder
		public := test.url
		if public == "" {
			public = ownURL(test.listening)
		}
		warnOfAddress(slog.New(slog.NewTextHandler(&log, nil)), public, test.url != "", test.listening)
		if said := log.String(); (said == "") != (test.warns == "") || !strings.Contains(said, test.warns) {
			t.Errorf("%s: logged %q", name, said)
		}
	}
	if got := ownURL(all); got != "http://127.0.0.1:8080" {
		t.Errorf("every network is reached at %s", got)
	}
}

// TestPasswordOfMail takes the password of the mail server's user from a file, and from a variable.
func TestPasswordOfMail(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(" reed and water \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if settings, err := (mailFlags{SMTPPasswordFile: file}).settings(); err != nil || settings.Password != " reed and water " {
		t.Errorf("the password is %q, %v", settings.Password, err)
	}
	args := []string{"serve", "--listen", "127.0.0.1:0", "--url", "http://127.0.0.1", "--smtp-host", "127.0.0.1", "--smtp-from", "pond@example.org", "--smtp-user", "pond"}
	start(t, []string{smtpPassword + "=reed-and-water-7"}, args...)
	if code, _, log := runProgram(t, nil, args...); code != exitUsage || !strings.Contains(log, "--smtp-user") {
		t.Errorf("without a password it ends with %d: %s", code, log)
	}
}

// TestIntrospection asks for the schema as nobody.
func TestIntrospection(t *testing.T) {
	t.Parallel()
	filled := t.TempDir()
	tests := []struct {
		name, folder string
		args         []string
		open         bool
	}{
		{"the sample", filled, []string{"--sample"}, true},
		{"once the sample", filled, nil, true},
		{"the sample, but off", filled, []string{"--introspection", "off"}, false},
		{"any folder", t.TempDir(), nil, false},
		{"any folder, but on", t.TempDir(), []string{"--introspection", "on"}, true},
	}
	for _, test := range tests {
		r := start(t, nil, append([]string{"serve", "--data", test.folder, "--listen", "127.0.0.1:0", "--http-drain", "0s"}, test.args...)...)
		if got := r.ask(t, `{"query":"{__schema{queryType{name}}}"}`); strings.Contains(got, `"name":"Query"`) != test.open || strings.Contains(got, "FORBIDDEN") == test.open {
			t.Errorf("%s: %s", test.name, got)
		}
		r.stop(t, os.Interrupt)
	}
}
