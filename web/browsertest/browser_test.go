//go:build browser

// Package browsertest uses the real program in a real browser. It needs Node and Chromium, so it is built only with the
// tag browser: make test-browser.
package browsertest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

const (
	startTime   = 60 * time.Second
	stopTime    = 15 * time.Second
	browserTime = 5 * time.Minute
)

// staff is what browse.mjs needs to know of the sample's admin and clients.
type staff struct {
	Login    string            `json:"login"`
	Password string            `json:"password"`
	Keys     map[string]string `json:"keys"`
	Reset    string            `json:"reset"`
}

func TestPagesInABrowser(t *testing.T) {
	program := build(t)
	log := serveSample(t, program, "--log-level", "debug")
	admin := staff{Login: "admin", Keys: map[string]string{}}
	admin.Password = log.find(t, startTime, `password\W+([A-Z2-7]{26})\b`)[1]
	for _, client := range []string{"reader", "app", "studio"} {
		admin.Keys[client] = log.find(t, startTime, `\b`+client+`\W+(hw_pub_[a-z2-7]{52})\b`)[1]
	}
	address := log.find(t, startTime, addressText)[0]
	// Without a mail server the link goes to the log, at the level debug.
	ask(t, address, `mutation { requestPasswordReset(login: "admin") { userErrors { message } } }`)
	admin.Reset = log.find(t, startTime, addressText+`/account#reset=hw_reset_[a-z2-7]{52}`)[0]
	browse(t, address, admin, "editor", "bar", "account")
}

func TestPlaygroundWithoutASchema(t *testing.T) {
	log := serveSample(t, build(t), "--introspection", "off")
	admin := staff{Login: "admin", Password: log.find(t, startTime, `password\W+([A-Z2-7]{26})\b`)[1]}
	browse(t, log.find(t, startTime, addressText)[0], admin, "hidden")
}

const addressText = `http://127\.0\.0\.1:\d+`

// browse carries out the named steps of browse.mjs.
func browse(t *testing.T, address string, admin staff, steps ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), browserTime)
	defer cancel()
	script := exec.CommandContext(ctx, "node", append([]string{"browse.mjs", address}, steps...)...)
	input, err := json.Marshal(admin)
	if err != nil {
		t.Fatal(err)
	}
	script.Stdin = bytes.NewReader(input)
	output, err := script.CombinedOutput()
	t.Logf("\n%s", output)
	if err != nil {
		t.Fatalf("browse.mjs: %v", err)
	}
}

// ask sends a mutation, as nobody.
func ask(t *testing.T, address, mutation string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": mutation})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(address+"/graphql", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", mutation, answer.Status)
	}
}

// build builds the program, and returns where it is.
func build(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat("node_modules"); err != nil {
		t.Fatal("node_modules is missing: run `npm ci` in web/browsertest first")
	}
	program := filepath.Join(t.TempDir(), "headwater")
	build := exec.Command("go", "build", "-tags=sqlite_fts5", "-o", program, "headwater/server")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	return program
}

// serveSample serves the sample from an empty folder and returns what the program prints. When the test ends, the program must
// stop cleanly on SIGTERM.
func serveSample(t *testing.T, program string, flags ...string) *printed {
	t.Helper()
	server := exec.Command(program, append([]string{
		"serve", "--data", filepath.Join(t.TempDir(), "data"), "--listen", "127.0.0.1:0", "--sample",
	}, flags...)...)
	server.Env = append(os.Environ(), "HEADWATER_CONFIG=")
	log := &printed{changed: make(chan struct{})}
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	t.Cleanup(func() {
		if err := server.Process.Signal(syscall.SIGTERM); err != nil {
			t.Errorf("the server was gone before it was stopped: %v\n%s", err, log)
			return
		}
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the server did not stop cleanly: %v\n%s", err, log)
			}
		case <-time.After(stopTime):
			_ = server.Process.Kill()
			t.Errorf("the server did not stop in %v\n%s", stopTime, log)
		}
	})
	return log
}
