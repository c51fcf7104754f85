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
	if _, err := os.Stat("node_modules"); err != nil {
		t.Fatal("node_modules is missing: run `npm ci` in web/browsertest first")
	}
	log := serveSample(t)
	address := log.find(t, startTime, `http://127\.0\.0\.1:\d+`)[0]
	admin := staff{Login: "admin", Keys: map[string]string{}}
	admin.Password = log.find(t, startTime, `password\W+([A-Z2-7]{26})\b`)[1]
	for _, client := range []string{"reader", "app", "studio"} {
		admin.Keys[client] = log.find(t, startTime, `\b`+client+`\W+(hw_pub_[a-z2-7]{52})\b`)[1]
	}
	// Without a mail server the link goes to the log, at the level debug.
	ask(t, address, `mutation { requestPasswordReset(login: "admin") { userErrors { message } } }`)
	admin.Reset = log.find(t, startTime, `http://127\.0\.0\.1:\d+/account#reset=hw_reset_[a-z2-7]{52}`)[0]

	ctx, cancel := context.WithTimeout(t.Context(), browserTime)
	defer cancel()
	script := exec.CommandContext(ctx, "node", "browse.mjs", address)
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

// serveSample builds the program, serves the sample from an empty folder and returns what it prints. When the test ends, the
// program must stop cleanly on SIGTERM.
func serveSample(t *testing.T) *printed {
	t.Helper()
	program := filepath.Join(t.TempDir(), "headwater")
	build := exec.Command("go", "build", "-tags=sqlite_fts5", "-o", program, "headwater/server")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	server := exec.Command(program, "serve", "--data", filepath.Join(t.TempDir(), "data"), "--listen", "127.0.0.1:0", "--sample", "--log-level", "debug")
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
